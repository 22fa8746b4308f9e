# Leaves out of the port's build what these boards have no use for. The port reads it as a user module.

# mbedTLS, which the port compiles whether or not anything uses it.
set_property(TARGET micropy_lib_mbedtls PROPERTY INTERFACE_SOURCES)

# The listing of the whole firmware, and its copy as text, after each link.
function(pico_add_dis_output TARGET)
endfunction()
function(pico_add_hex_output TARGET)
endfunction()

# What GCC does to the paths of headers in the SDK's hundred directories: a third of the time that the build takes.
add_compile_options(-fno-canonical-system-headers)
