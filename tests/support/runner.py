"""The base class of interpreters: it assembles snippets and evaluates their results."""

import ast
import textwrap
import threading
from dataclasses import dataclass

import pytest

# A line of output that starts with this mark carries a value for the test.
MARK = "@@ "

# CPython 3.11 shares one recursion counter of ast between threads, and raises SystemError if it is inconsistent.
PARSING = threading.Lock()

PRELUDE = f"""\
import gc, io, json, os, sys, time
import mrequests

def show(*values):
    print("{MARK}" + repr(values[0] if len(values) == 1 else values))

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

# `Runner.error` puts a snippet into this frame.
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
    """An exception of a snippet: its built-in class, errno and text."""

    kind: str
    errno: int
    text: str


@dataclass
class Result:
    """The result of a finished snippet."""

    returncode: int
    out: str
    err: str

    @property
    def shown(self):
        """The values that the snippet showed."""
        # Cases run in threads.
        with PARSING:
            return [ast.literal_eval(line[len(MARK) :]) for line in self.out.split("\n") if line.startswith(MARK)]


class Runner:
    """Runs snippets. Subclasses define `run`, `opening` and `at_once`, the number of parallel snippets."""

    def opening(self):
        """Returns lines to put before a snippet that define descriptors(), the number of open descriptors."""
        raise NotImplementedError

    def run(self, source, *, timeout=20, heap=None, check=True, **names):
        """Runs a snippet to its end, and returns its Result. With `check`, a failing snippet fails the test."""
        raise NotImplementedError

    def move_clock(self, seconds):
        """Moves the clock of later snippets by `seconds`; None: to a clock never set."""
        raise NotImplementedError

    def snippet(self, source, names):
        """Returns the full text of a snippet, with `names` defined at its start."""
        values = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        return self.opening() + PRELUDE + values + textwrap.dedent(source)

    def __call__(self, source, **options):
        """Runs a snippet and returns the one value that it shows."""
        shown = self.run(source, **options).shown
        assert len(shown) == 1, f"expected one value from the snippet, got {len(shown)}: {shown}"
        return shown[0]

    def error(self, source, *, before="", **options):
        """Runs a snippet that must raise, after the code in `before`. It may leave no descriptor open."""
        body = textwrap.indent(textwrap.dedent(source).strip(), "    ")
        raised, leaked = self(before + TRIAL.format(body=body), **options)
        if raised is None:
            pytest.fail("nothing was raised", pytrace=False)
        assert leaked == 0, f"{leaked} descriptors still open after {raised}"
        return Raised(*raised)
