"""Builds the compared clients and their workers."""

import os
import pathlib
import subprocess
from dataclasses import dataclass

from firmware import built

HERE = pathlib.Path(__file__).resolve().parent


@dataclass(frozen=True)
class Programs:
    """Paths of all programs. `workers` is a directory of compiled ones; `reference` of the pure-Python mrequests."""

    interpreter: pathlib.Path
    board: pathlib.Path
    workers: pathlib.Path
    desktop: pathlib.Path
    limit: pathlib.Path
    mark: pathlib.Path
    reference: pathlib.Path = None
    plain_interpreter: pathlib.Path = None


def board():
    """The firmware of the Cortex-M3."""
    return built("tools/board.sh", "m3")


def programs(directory, interpreter, board):
    """Builds all into a directory, except a given interpreter and the board's firmware."""
    interpreter = interpreter or built("tools/firmware.sh")
    limit, mark = directory / "limit", directory / "mark.so"
    compile_c(limit, HERE / "limit.c", "-lmbedtls", "-lmbedx509", "-lmbedcrypto")
    compile_c(mark, HERE / "workers" / "mark.c", "-shared", "-fPIC")
    reference = os.environ.get("MREQUESTS_REFERENCE")
    return Programs(
        interpreter,
        board,
        compiled_workers(directory / "workers", interpreter),
        HERE / "workers" / "desktop.py",
        limit,
        mark,
        pathlib.Path(reference).resolve() if reference else None,
        # A module that is built in is found before one on the path.
        built("tools/firmware.sh", "--without") if reference else None,
    )


def compile_c(target, source, *options):
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-Wall", "-o", target, source, *options], check=True)


def compiled_workers(directory, interpreter):
    """Compiles workers, so that compiling takes no heap. `requests` is for the board; the unix port has it frozen."""
    build = interpreter.parent
    mpy_cross = build.with_name(build.name.replace("unix-", "mpy-cross-")) / "mpy-cross"
    library = built("tools/micropython.sh") / "lib" / "micropython-lib"
    sources = {source.stem: source for source in (HERE / "workers").glob("*.py")}
    sources["requests"] = next(library.glob("*/requests/requests/__init__.py"))
    directory.mkdir()
    for name, source in sources.items():
        subprocess.run([mpy_cross, "-s", f"{name}.py", "-o", directory / f"{name}.mpy", source], check=True)
    return directory
