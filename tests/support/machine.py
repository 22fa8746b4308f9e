"""An emulated board that keeps running between snippets."""

import contextlib
import pathlib
import subprocess
import sys

from support.raw_repl import RawRepl, Silence

# Each process has the board's serial line as stdin and stdout. In QEMU's network the host's 127.0.0.1 is
# 10.0.2.2.
QEMU = "-display none -monitor none -serial stdio -semihosting-config enable=on,target=native -kernel"
COMMANDS = {
    "m3": f"qemu-system-arm -M mps2-an385 -nic user,model=lan9118 {QEMU}",
    "rv32": "qemu-system-riscv32 -M virt -bios none -netdev user,id=n0"
    f" -device virtio-net-device,netdev=n0,bus=virtio-mmio-bus.0 {QEMU}",
    # With more memory than the real board.
    "microbit": "qemu-system-arm -M microbit -global nrf51-soc.flash-size=1048576"
    f" -global nrf51-soc.sram-size=262144 {QEMU}",
    "rp2040": f"{sys.executable} {pathlib.Path(__file__).parent / 'rp2040.py'}",
}

# Time limits in seconds. On an idle machine both take less than one.
BOOT, RESET = 60, 30


@contextlib.contextmanager
def running(name, firmware):
    """Starts the process of a board, which the kernel kills when its parent ends."""
    command = ["setpriv", "--pdeathsig", "KILL", *COMMANDS[name].split(), str(firmware)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


class Machine:
    """A board that starts on first use, restarts after an error, and is reset after each snippet."""

    def __init__(self, name, firmware, prepare=""):
        """`prepare` is a snippet that a newly started board runs first."""
        self.name = name
        self.firmware = firmware
        self._prepare = prepare
        self._process = contextlib.ExitStack()
        self._repl = None
        self._heap = 0

    def run(self, source, seconds, heap=0):
        """Runs a snippet with `heap` bytes (0: the largest heap); returns its output and traceback."""
        try:
            self._start()
            self._set_heap(heap)
            ended = self._repl.run(source, seconds)
            self._repl.reset(RESET)
        except BaseException:  # includes the timeout of a test
            self.close()
            raise
        return ended

    def close(self):
        self._process.close()
        self._repl = None
        self._heap = 0

    def _start(self):
        if self._repl is None:
            self._repl = RawRepl(self._process.enter_context(running(self.name, self.firmware)))
            self._repl.enter(BOOT)
            if self._prepare:
                self._once(self._prepare)

    def _set_heap(self, heap):
        if heap != self._heap:
            self._once(f"import board\nboard.set_heap({heap})")
            self._heap = heap

    def _once(self, source):
        _, err = self._repl.run(source, RESET)
        if err:
            raise Silence("the board is not ready", err)
        self._repl.reset(RESET)
