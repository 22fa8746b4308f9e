# Adds this module to a CMake port: USER_C_MODULES=<the path of this file>.
#   MREQUESTS_RUST_TARGET   the Rust target, where the C compiler's own is not wanted
#   MREQUESTS_TLS=0, MREQUESTS_TLS_SUITES, MREQUESTS_TLS_SIGNATURES, MREQUESTS_CA_BUNDLE: see docs/tls.md

set(MREQUESTS_DIR ${CMAKE_CURRENT_LIST_DIR})
set(MREQUESTS_OBJECT ${CMAKE_CURRENT_BINARY_DIR}/mrequests/mrequests.o)
file(GLOB MREQUESTS_C CONFIGURE_DEPENDS ${MREQUESTS_DIR}/c_glue/*.c)
separate_arguments(MREQUESTS_C_FLAGS UNIX_COMMAND "${CMAKE_C_FLAGS}")

if(NOT DEFINED MREQUESTS_TLS)
    set(MREQUESTS_TLS 1)
endif()
set(MREQUESTS_ENVIRONMENT MREQUESTS_TLS=${MREQUESTS_TLS})
foreach(variable MREQUESTS_RUST_TARGET MREQUESTS_TLS_SUITES MREQUESTS_TLS_SIGNATURES MREQUESTS_CA_BUNDLE)
    if(DEFINED ${variable})
        list(APPEND MREQUESTS_ENVIRONMENT "${variable}=${${variable}}")
    endif()
endforeach()

# Our own files, not the port's, compile without any warning.
set_source_files_properties(${MREQUESTS_C} PROPERTIES COMPILE_OPTIONS "-Wall;-Wextra;-Wno-unused-parameter;-Werror")

# Runs on every build: cargo knows what is out of date, and the script leaves an object alone that would not change.
add_custom_target(mrequests_cargo
    COMMAND ${CMAKE_COMMAND} -E env ${MREQUESTS_ENVIRONMENT}
        ${MREQUESTS_DIR}/tools/rust_object.sh ${MREQUESTS_OBJECT} ${CMAKE_C_COMPILER} ${MREQUESTS_C_FLAGS}
    BYPRODUCTS ${MREQUESTS_OBJECT}
    VERBATIM
)

# One object rather than libmrequests.a: see tools/rust_object.sh.
add_library(mrequests_rust UNKNOWN IMPORTED)
set_target_properties(mrequests_rust PROPERTIES IMPORTED_LOCATION ${MREQUESTS_OBJECT})
add_dependencies(mrequests_rust mrequests_cargo)

add_library(usermod_mrequests INTERFACE)
target_sources(usermod_mrequests INTERFACE ${MREQUESTS_C})
target_include_directories(usermod_mrequests INTERFACE ${MREQUESTS_DIR}/c_glue)
# For `from mrequests.urlencode import quote`.
target_compile_definitions(usermod_mrequests INTERFACE MICROPY_MODULE_BUILTIN_SUBPACKAGES=1 MREQUESTS_TLS=${MREQUESTS_TLS})
target_link_libraries(usermod_mrequests INTERFACE mrequests_rust)
target_link_libraries(usermod INTERFACE usermod_mrequests)
