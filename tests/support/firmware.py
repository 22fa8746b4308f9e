"""Finds what is tested: as the Makefile names it in the environment, else built now."""

import fcntl
import os
import pathlib
import subprocess
import tempfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# As in the Makefile: what can be tested is built, and the smallest boards do without TLS.
ALL_OF_TLS = ("MREQUESTS_TLS_SUITES=aes128 aes256 chacha20", "MREQUESTS_TLS_SIGNATURES=p384 rsa ed25519")
NO_TLS = ("MREQUESTS_TLS=0",)

BOARDS = {
    "m3": (*ALL_OF_TLS, "tools/board.sh", "m3"),
    "rv32": (*ALL_OF_TLS, "tools/board.sh", "rv32"),
    "microbit": (*NO_TLS, "tools/board.sh", "microbit"),
    "rp2040": (*NO_TLS, "tools/rp2.sh", "pico"),
}


def interpreter(variable, *options):
    """The path of an interpreter that was built with `options`."""
    return built(variable, "make", "-s", "interpreter", *options)


def board(target):
    """The path of a board's firmware."""
    return built(f"MREQUESTS_FIRMWARE_{target.upper()}", "env", *BOARDS[target])


def compiled(name, source):
    """A module as bytes to put into a board's file system, and the name of its file."""
    compilers = sorted(ROOT.glob("build/mpy-cross-*/mpy-cross"))
    if not compilers:
        return f"{name}.py", source.encode()
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory, f"{name}.py")
        path.write_text(source)
        subprocess.run([compilers[-1], path], check=True)
        return f"{name}.mpy", path.with_suffix(".mpy").read_bytes()


def built(variable, *command):
    path = os.environ.get(variable)
    if not path:
        # One build at a time, however many workers pytest has.
        fcntl.flock(os.open(ROOT, os.O_RDONLY), fcntl.LOCK_EX)
        path = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout.strip()
    if not path or not os.access(path, os.R_OK):
        pytest.exit(f"nothing to test at {path!r}: neither {variable} nor `{' '.join(command)}` names it", 3)
    return path
