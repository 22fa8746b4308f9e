"""MicroPython's raw REPL over a pair of pipes.

Snippets use raw paste mode: the compiler reads them as they arrive, so the text takes no heap. Its flow
control is not needed: pipes have their own.
"""

import os
import select
import time

ENTER_RAW, END, PASTE = b"\x01", b"\x04", b"\x05A\x01"
BANNER = b"raw REPL; CTRL-B to exit\r\n>"


class Silence(Exception):
    """The board did not answer in time, or closed its pipe. `received` is its output so far."""

    def __init__(self, reason, received):
        super().__init__(f"{reason} after {bytes(received[-2000:])}")
        self.received = bytes(received)


class RawRepl:
    """The REPL of a process with pipes: see support/machine.py."""

    def __init__(self, process):
        self._process = process
        self._in = process.stdin.fileno()
        self._out = process.stdout.fileno()
        os.set_blocking(self._in, False)
        self._received = bytearray()

    def enter(self, seconds):
        """Enters the raw REPL of a board that runs or still boots."""
        self._send(b"\r" + ENTER_RAW, BANNER, seconds)

    def reset(self, seconds):
        """Resets the board softly."""
        self._send(END, BANNER, seconds)

    def run(self, source, seconds):
        """Runs a snippet to its end; returns its output and its traceback, which may be empty."""
        limit = time.monotonic() + seconds
        self._exchange(PASTE, limit)
        answer = self._until(b"\x01", limit)
        if answer != b"R":
            raise Silence("raw paste was refused", answer)
        self._exchange(source.encode() + END, limit)
        self._until(END, limit)  # window increments of the flow control, and the end of the source
        out, err = self._until(END, limit), self._until(END, limit)
        self._until(b">", limit)
        return out, err

    def _send(self, data, answer, seconds):
        limit = time.monotonic() + seconds
        self._exchange(data, limit)
        self._until(answer, limit)

    def _exchange(self, data, limit):
        """Sends `data` and receives at the same time."""
        while data:
            if self._wait(limit, [self._in]):
                try:
                    data = data[os.write(self._in, data) :]
                except BrokenPipeError:
                    raise Silence("the board is gone", self._received) from None

    def _until(self, mark, limit):
        """Returns the bytes received before `mark`."""
        while mark not in self._received:
            self._wait(limit, [])
        before, _, rest = bytes(self._received).partition(mark)
        self._received = bytearray(rest)
        return before

    def _wait(self, limit, writers):
        """Waits until bytes arrive, and receives them, or until the pipe accepts bytes to send."""
        left = limit - time.monotonic()
        readable, writable, _ = select.select([self._out], writers, [], max(left, 0))
        if readable:
            data = os.read(self._out, 65536)
            if not data:
                raise Silence("the board is gone", self._received)
            self._received += data
        elif not writable:
            raise Silence("the board does not answer", self._received)
        return writable
