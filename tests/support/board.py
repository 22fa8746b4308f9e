"""Runs snippets on an emulated board."""

import contextlib
import time

import pytest

from support import firmware, memory_socket
from support.machine import Machine
from support.moved_clock import NEVER_SET
from support.raw_repl import Silence
from support.runner import MARK, PRELUDE, Result, Runner
from support.targets import SLOWER

SNIPPET = ".snippet.py"

SCRIPT = f"""
sys.argv[:] = arguments
try:
    execfile(arguments[0])
except SystemExit as _exit:
    print("{MARK}" + repr(_exit.args[0] if _exit.args else 0))
"""

# Common beginnings of snippets. A board with a slow serial line keeps them in its flash.
LIBRARY = {"prelude": PRELUDE, "memory_socket": memory_socket.SOURCE}


@contextlib.contextmanager
def running(target, image):
    """Starts a board; yields a function that makes a Runner for a directory."""
    kind = {"rp2040": BoardWithFlash, "microbit": BoardWithoutSockets}.get(target, Board)
    with contextlib.closing(Machine(target, image, kind.prepare())) as machine:
        yield lambda directory: kind(machine, directory)


class Board(Runner):
    """A board with a clock and access to the host's files; the test's directory is the current one."""

    at_once = 1

    def __init__(self, machine, directory):
        self.machine = machine
        self.directory = directory
        self._moved_by = 0

    @staticmethod
    def prepare():
        """Returns a snippet that a newly started board runs first."""
        return ""

    def opening(self):
        return f"import board\nboard.set_time({self._now()})\n" + self.counting()

    def counting(self):
        """Returns lines that define descriptors(): it counts sockets, not files of the host."""
        return "descriptors = board.open_sockets\n"

    def move_clock(self, seconds):
        self._moved_by = seconds

    def run(self, source, *, timeout=20, heap=None, check=True, **names):
        (self.directory / SNIPPET).write_text(self.snippet(source, names))
        # Loading from a file is many times faster than the serial line.
        call = f"import board\nboard.mount({str(self.directory)!r})\nexecfile({SNIPPET!r})"
        return self._finish(call, timeout, heap, check)

    def run_file(self, path, *arguments, check=True, **options):
        """Runs a script with command line arguments."""
        result = self.run(SCRIPT, check=check, arguments=[str(path), *map(str, arguments)], **options)
        if result.shown:
            result.returncode = result.shown.pop()
            result.out = result.out[: result.out.rindex(MARK)]
        return result

    def _finish(self, source, timeout, heap, check):
        try:
            ended = self.machine.run(source, SLOWER * timeout, size(heap))
        except Silence as silence:
            pytest.fail(f"{self.machine.name}: {silence}", pytrace=False)
        out, err = (text.decode("utf-8", "replace").replace("\r\n", "\n") for text in ended)
        if check and err:
            pytest.fail(f"{self.machine.name}: the snippet ended with\n{out}{err}")
        return Result(1 if err else 0, out, err)

    def _now(self):
        return NEVER_SET if self._moved_by is None else int(time.time()) + self._moved_by


class BoardWithoutSockets(Board):
    """A board without a network."""

    def counting(self):
        return "def descriptors():\n    return 0\n"


class BoardWithFlash(BoardWithoutSockets):
    """A board with its own file system and no access to the host's files."""

    @staticmethod
    def prepare():
        files = [firmware.compiled(name, source) for name, source in LIBRARY.items()]
        return "".join(f"with open({name!r}, 'wb') as f:\n    f.write({content!r})\n" for name, content in files)

    def opening(self):
        return self.counting()

    def snippet(self, source, names):
        text = super().snippet(source, names)
        for name, content in LIBRARY.items():
            text = text.replace(content, f"from {name} import *\n")
        return text

    def run(self, source, *, timeout=20, heap=None, check=True, **names):
        return self._finish(self.snippet(source, names), timeout, heap, check)


def size(heap):
    """Converts a heap size such as "64k" to bytes; None and megabytes become 0, the largest heap."""
    return int(heap.removesuffix("k")) * 1024 if heap and heap.endswith("k") else 0
