# Adds this module to a CMake port: USER_C_MODULES=<the path of this file>.
# Options, by -D, in a board's mpconfigboard.cmake, or in the environment of the first configuration:
#   MREQUESTS_RUST_TARGET   overrides the Rust target that is detected here
#   MREQUESTS_TLS=0, MREQUESTS_TLS_SUITES, MREQUESTS_TLS_SIGNATURES, MREQUESTS_CA_BUNDLE: see docs/tls.md

set(MREQUESTS_DIR ${CMAKE_CURRENT_LIST_DIR})
set(MREQUESTS_OBJECT ${CMAKE_CURRENT_BINARY_DIR}/mrequests/mrequests.o)
file(GLOB MREQUESTS_C CONFIGURE_DEPENDS ${MREQUESTS_DIR}/c_glue/*.c ${MREQUESTS_DIR}/c_glue/*/*.c)
separate_arguments(MREQUESTS_C_FLAGS UNIX_COMMAND "${CMAKE_C_FLAGS}")

set(MREQUESTS_OPTIONS
    MREQUESTS_RUST_TARGET MREQUESTS_TLS MREQUESTS_TLS_SUITES MREQUESTS_TLS_SIGNATURES MREQUESTS_CA_BUNDLE)
foreach(option ${MREQUESTS_OPTIONS})
    if(NOT DEFINED ${option} AND DEFINED ENV{${option}})
        set(${option} "$ENV{${option}}" CACHE STRING "An option of mrequests.")
    endif()
endforeach()

# The chip tells the target, also where the C compiler's flags do not; for other ports tools/rust_target.sh asks the
# compiler. Code for *-none-elf is right for ESP-IDF: it uses nothing of an operating system.
set(MREQUESTS_CHIPS
    rp2040=thumbv6m-none-eabi
    rp2350-arm-s=thumbv8m.main-none-eabi
    rp2350-riscv=riscv32imac-unknown-none-elf
    esp32=xtensa-esp32-none-elf
    esp32s2=xtensa-esp32s2-none-elf
    esp32s3=xtensa-esp32s3-none-elf
    esp32c2=riscv32imc-unknown-none-elf
    esp32c3=riscv32imc-unknown-none-elf
    esp32c5=riscv32imac-unknown-none-elf
    esp32c6=riscv32imac-unknown-none-elf
    esp32h2=riscv32imac-unknown-none-elf
    esp32p4=riscv32imafc-unknown-none-elf
)
if(NOT DEFINED MREQUESTS_RUST_TARGET AND "${MREQUESTS_CHIPS}" MATCHES "(^|;)${PICO_PLATFORM}${IDF_TARGET}=([^;]+)")
    set(MREQUESTS_RUST_TARGET ${CMAKE_MATCH_2})
endif()

set(MREQUESTS_ENVIRONMENT)
foreach(option ${MREQUESTS_OPTIONS})
    if(DEFINED ${option})
        list(APPEND MREQUESTS_ENVIRONMENT "${option}=${${option}}")
    else()
        list(APPEND MREQUESTS_ENVIRONMENT --unset=${option})
    endif()
endforeach()
if(NOT DEFINED MREQUESTS_TLS)
    set(MREQUESTS_TLS 1)
endif()

# Our own files, not the port's, compile without any warning.
set_source_files_properties(${MREQUESTS_C} PROPERTIES COMPILE_OPTIONS "-Wall;-Wextra;-Wno-unused-parameter;-Werror")

# Runs on every build: cargo rebuilds outdated crates only, and the script keeps the object if it would not change.
add_custom_target(mrequests_cargo
    COMMAND ${CMAKE_COMMAND} -E env ${MREQUESTS_ENVIRONMENT}
        ${MREQUESTS_DIR}/tools/rust_object.sh ${MREQUESTS_OBJECT} ${CMAKE_C_COMPILER} ${MREQUESTS_C_FLAGS}
    BYPRODUCTS ${MREQUESTS_OBJECT}
    VERBATIM
)

# One object rather than libmrequests.a: see tools/rust_object.sh. ESP-IDF links in another directory: hence GLOBAL.
add_library(mrequests_rust UNKNOWN IMPORTED GLOBAL)
set_target_properties(mrequests_rust PROPERTIES IMPORTED_LOCATION ${MREQUESTS_OBJECT})
# Ninja finds the target by its byproduct; this dependency would delay the C of the whole port until cargo ends.
if(NOT CMAKE_GENERATOR MATCHES Ninja)
    add_dependencies(mrequests_rust mrequests_cargo)
endif()

add_library(usermod_mrequests INTERFACE)
target_sources(usermod_mrequests INTERFACE ${MREQUESTS_C})
target_include_directories(usermod_mrequests INTERFACE ${MREQUESTS_DIR}/c_glue)
# The first is for `from mrequests.urlencode import quote`.
target_compile_definitions(usermod_mrequests INTERFACE MICROPY_MODULE_BUILTIN_SUBPACKAGES=1 MREQUESTS_TLS=${MREQUESTS_TLS})
target_link_libraries(usermod_mrequests INTERFACE mrequests_rust)
target_link_libraries(usermod INTERFACE usermod_mrequests)

# MicroPython's search for qstrs needs this call to see a user module's definitions.
micropy_gather_target_properties(usermod_mrequests)
