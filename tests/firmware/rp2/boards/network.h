// Settings of all boards: see network.cmake. The file system is small to leave room for the firmware.
#define MICROPY_HW_FLASH_STORAGE_BYTES (256 * 1024)

#define MICROPY_PY_NETWORK (1)
#define MICROPY_PY_NETWORK_PPP_LWIP (1)
#define MICROPY_PY_SSL (0)
#define MICROPY_PY_WEBSOCKET (0)
#define MICROPY_PY_WEBREPL (0)
