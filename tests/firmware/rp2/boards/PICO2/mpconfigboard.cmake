set(PICO_BOARD pico2)
set(PICO_PLATFORM rp2350-arm-s)
include(${CMAKE_CURRENT_LIST_DIR}/../network.cmake)
