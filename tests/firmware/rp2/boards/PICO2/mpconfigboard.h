#define MICROPY_HW_BOARD_NAME "mrequests test board: Pico2"
#include "../network.h"
