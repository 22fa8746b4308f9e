"""Runs snippets in MicroPython's unix port, one process per snippet."""

import os
import signal
import subprocess

import pytest

from support import moved_clock
from support.runner import Result, Runner


class Interpreter(Runner):
    """The interpreter, and the working directory of its snippets."""

    # Most slow snippets wait for a timeout, without using the CPU.
    at_once = 24

    def __init__(self, executable, directory):
        self.executable = str(executable)
        self.directory = directory
        # Snippets import no library installed on the machine.
        self.environment = dict(os.environ, MICROPYPATH=".frozen")

    def opening(self):
        return 'def descriptors():\n    return len(os.listdir("/proc/self/fd"))\n'

    def move_clock(self, seconds):
        self.environment |= moved_clock.environment(seconds)

    def command(self, *arguments, heap=None):
        """Returns the command line that runs the interpreter with `arguments`."""
        options = ["-X", f"heapsize={heap}"] if heap else []
        return [self.executable, *options, *map(str, arguments)]

    def popen(self, source, *, heap=None, **names):
        """Starts a snippet and returns its process, with pipes for all its streams."""
        return subprocess.Popen(
            self.command("-c", self.snippet(source, names), heap=heap),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.directory,
            env=self.environment,
            text=True,
            encoding="utf-8",
        )

    def run(self, source, *, timeout=20, heap=None, check=True, **names):
        return self._finish(["-c", self.snippet(source, names)], timeout, heap, check)

    def run_file(self, path, *arguments, timeout=20, heap=None, check=True):
        """Runs a script as a user would."""
        return self._finish([path, *arguments], timeout, heap, check)

    def _finish(self, arguments, timeout, heap, check):
        process = subprocess.run(
            self.command(*arguments, heap=heap),
            input=b"",
            capture_output=True,
            timeout=timeout,
            cwd=self.directory,
            env=self.environment,
        )
        out, err = (stream.decode("utf-8", "replace") for stream in (process.stdout, process.stderr))
        if check and process.returncode != 0:
            pytest.fail(f"the interpreter {ending(process.returncode)}\n{out}{err}")
        return Result(process.returncode, out, err)


def ending(returncode):
    """Describes the end of a process."""
    if returncode < 0:
        return f"was killed by {signal.Signals(-returncode).name}"
    return f"ended with exit code {returncode}"
