"""What the interpreters have in common: how a snippet is put together, and what is made of its end."""

import ast
import textwrap
import threading
from dataclasses import dataclass

import pytest

# A line of output with this mark in front carries a value for the test.
MARK = "@@ "

# CPython 3.11 counts how deep all threads together are in ast, and raises SystemError where that comes out wrong.
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

# What `Runner.error` makes of a snippet.
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

    @property
    def shown(self):
        """The values that the snippet showed."""
        # Cases run in threads.
        with PARSING:
            return [ast.literal_eval(line[len(MARK) :]) for line in self.out.split("\n") if line.startswith(MARK)]


class Runner:
    """Runs snippets. A subclass has `run`, `opening`, which comes before a snippet, and `at_once`, how many may run."""

    def opening(self):
        """Lines that define descriptors(): how many are open."""
        raise NotImplementedError

    def run(self, source, *, timeout=20, heap=None, check=True, **names):
        """Runs a snippet to its end, and returns its Result. With `check` it has to end well."""
        raise NotImplementedError

    def move_clock(self, seconds):
        """Moves the clock of the snippets to come by so many seconds; None: to what it is where it was never set."""
        raise NotImplementedError

    def snippet(self, source, names):
        """The whole text of a snippet that starts with `names` defined."""
        values = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        return self.opening() + PRELUDE + values + textwrap.dedent(source)

    def __call__(self, source, **options):
        """Runs a snippet and returns the one value that it shows."""
        shown = self.run(source, **options).shown
        assert len(shown) == 1, f"the snippet shows {len(shown)} values, not one: {shown}"
        return shown[0]

    def error(self, source, *, before="", **options):
        """Runs a snippet that has to raise, after what comes `before` it. It may not leave a descriptor open."""
        body = textwrap.indent(textwrap.dedent(source).strip(), "    ")
        raised, leaked = self(before + TRIAL.format(body=body), **options)
        if raised is None:
            pytest.fail("nothing was raised", pytrace=False)
        assert leaked == 0, f"{leaked} descriptors left open after {raised}"
        return Raised(*raised)
