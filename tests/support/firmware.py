"""Builds firmware before the tests run: a build takes longer than a test's time limit.

Environment variables select other firmware: see VARIABLES.
"""

import fcntl
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

VARIABLES = {
    "unix": "MREQUESTS_INTERPRETER",
    "unix-no-ssl": "MREQUESTS_INTERPRETER_NO_SSL",
    "unix-bundle": "MREQUESTS_INTERPRETER_BUNDLE",
    "m3": "MREQUESTS_FIRMWARE_M3",
    "rv32": "MREQUESTS_FIRMWARE_RV32",
    "microbit": "MREQUESTS_FIRMWARE_MICROBIT",
    "rp2040": "MREQUESTS_FIRMWARE_RP2040",
}

# Fixtures that run other firmware than the target's.
OTHERS = {"runner_no_ssl": "unix-no-ssl", "executable_bundle": "unix-bundle"}

PATHS = {}


def needed(items, target):
    """Returns the names of the firmware that tests need."""
    fixtures = {name for item in items if not item.get_closest_marker("skip") for name in item.fixturenames}
    others = {OTHERS[name] for name in fixtures & OTHERS.keys()} if target == "unix" else set()
    return sorted(others | ({target} if "runner" in fixtures else set()))


def prepare(name):
    """Finds firmware, or builds it if no environment variable names it. Returns whether it exists."""
    PATHS[name] = os.environ.get(VARIABLES[name]) or built(name)
    return os.access(PATHS[name], os.R_OK)


def built(name):
    """Builds firmware in one of pytest's workers; the others wait and reuse its path."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    answer = ROOT / "build" / f".tested-{name}"
    answer.parent.mkdir(exist_ok=True)
    with answer.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        written_by, _, path = file.read().partition("\n")
        if written_by != run:
            command = ["tools/tested.sh", name]
            path = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout.strip()
            file.truncate(0)
            file.write(f"{run}\n{path}")
    return path


def compiled(name, source):
    """Returns the file name and the content of a module for a board's file system."""
    compilers = sorted(ROOT.glob("build/mpy-cross-*/mpy-cross"))
    if not compilers:
        return f"{name}.py", source.encode()
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory, f"{name}.py")
        path.write_text(source)
        subprocess.run([compilers[-1], path], check=True)
        return f"{name}.mpy", path.with_suffix(".mpy").read_bytes()
