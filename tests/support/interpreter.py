"""Runs snippets in the MicroPython under test, one process for each."""

import ast
import os
import signal
import subprocess
import textwrap
from dataclasses import dataclass

import pytest

# A line of output with this mark in front carries a value for the test.
MARK = "@@ "

PRELUDE = f"""\
import gc, io, json, os, sys, time
import mrequests

def show(*values):
    print("{MARK}" + repr(values[0] if len(values) == 1 else values))

def descriptors():
    return len(os.listdir("/proc/self/fd"))

def describe(error):
    kind = type(error)
    for known in (OSError, ValueError, TypeError):
        if isinstance(error, known):
            kind = known
    return (kind.__name__, error.errno if kind is OSError else None, str(error))

def attempt(call):
    try:
        call()
    except Exception as error:
        return describe(error)
    return None
"""

# What `Interpreter.error` makes of a snippet.
TRIAL = """
_before = descriptors()
try:
{body}
except Exception as _error:
    show(describe(_error), descriptors() - _before)
else:
    show(None, 0)
"""


@dataclass(frozen=True)
class Raised:
    """An exception of a snippet: the built-in class it belongs to, errno and text."""

    kind: str
    errno: int
    text: str


@dataclass
class Result:
    """What a finished snippet left behind."""

    returncode: int
    out: str
    err: str
    shown: list


class Interpreter:
    """The interpreter, and the directory its snippets run in."""

    def __init__(self, executable, directory):
        self.executable = str(executable)
        self.directory = directory

    def command(self, *arguments, heap=None):
        """The command line that runs the interpreter with `arguments`."""
        options = ["-X", f"heapsize={heap}"] if heap else []
        return [self.executable, *options, *map(str, arguments)]

    def environment(self):
        """The environment of a snippet: no library of the machine's is in its way."""
        return dict(os.environ, MICROPYPATH=".frozen")

    def snippet(self, source, names):
        """The whole text of a snippet that starts with `names` defined."""
        values = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        return PRELUDE + values + textwrap.dedent(source)

    def popen(self, source, *, heap=None, **names):
        """Starts a snippet and returns its process, with pipes for all its streams."""
        return subprocess.Popen(
            self.command("-c", self.snippet(source, names), heap=heap),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.directory,
            env=self.environment(),
            text=True,
            encoding="utf-8",
        )

    def run(self, source, *, timeout=20, heap=None, check=True, **names):
        """Runs a snippet to its end. With `check` it has to end well."""
        return self._finish(["-c", self.snippet(source, names)], timeout, heap, check)

    def run_file(self, path, *arguments, timeout=20, heap=None, check=True):
        """Runs a script as a user would."""
        return self._finish([path, *arguments], timeout, heap, check)

    def __call__(self, source, **options):
        """Runs a snippet and returns the one value that it shows."""
        shown = self.run(source, **options).shown
        assert len(shown) == 1, f"the snippet shows {len(shown)} values, not one: {shown}"
        return shown[0]

    def error(self, source, **options):
        """Runs a snippet that has to raise. It may not leave a descriptor open."""
        body = textwrap.indent(textwrap.dedent(source).strip(), "    ")
        raised, leaked = self(TRIAL.format(body=body), **options)
        if raised is None:
            pytest.fail("nothing was raised", pytrace=False)
        assert leaked == 0, f"{leaked} descriptors left open after {raised}"
        return Raised(*raised)

    def _finish(self, arguments, timeout, heap, check):
        process = subprocess.run(
            self.command(*arguments, heap=heap),
            input=b"",
            capture_output=True,
            timeout=timeout,
            cwd=self.directory,
            env=self.environment(),
        )
        out, err = (stream.decode("utf-8", "replace") for stream in (process.stdout, process.stderr))
        if check and process.returncode != 0:
            pytest.fail(f"the interpreter {ending(process.returncode)}\n{out}{err}")
        shown = [line[len(MARK) :] for line in out.split("\n") if line.startswith(MARK)]
        return Result(process.returncode, out, err, [ast.literal_eval(value) for value in shown])


def ending(returncode):
    """How a process ended, in words."""
    if returncode < 0:
        return f"was killed by {signal.Signals(-returncode).name}"
    return f"ended with exit code {returncode}"
