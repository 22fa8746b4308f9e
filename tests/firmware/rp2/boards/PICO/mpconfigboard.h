#define MICROPY_HW_BOARD_NAME "mrequests test board: Pico"
#include "../network.h"
