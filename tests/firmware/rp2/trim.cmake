# Removes unused parts from the port's build. The port reads this file as a user module.

# The port always compiles mbedTLS.
set_property(TARGET micropy_lib_mbedtls PROPERTY INTERFACE_SOURCES)

# After each link the SDK writes a disassembly and a hex file of the firmware.
function(pico_add_dis_output TARGET)
endfunction()
function(pico_add_hex_output TARGET)
endfunction()

# GCC spends a third of the build on canonical header paths in the SDK's hundred directories.
add_compile_options(-fno-canonical-system-headers)
