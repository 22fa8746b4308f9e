"""Builds the benchmarks and counts their instructions with callgrind."""

import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]

# Its source package has llhttp's C, which no registry of ours offers by itself.
HTTPTOOLS = "0.9.0"


def build(*, others):
    """The program of the benchmarks; with `others` it has the parsers to compare with."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "build" / "cargo")) / "micro"
    command = ["cargo", "build", "--quiet", "--locked", "--release", "--manifest-path", HERE / "Cargo.toml"]
    environment = os.environ | {"CARGO_TARGET_DIR": str(target)}
    if others:
        command += ["--features", "others"]
        environment["MREQUESTS_LLHTTP"] = str(llhttp())
    subprocess.run(command, check=True, env=environment)
    return target / "release" / "mrequests-micro"


def llhttp():
    """The source of llhttp."""
    source = ROOT / "build" / f"httptools-{HTTPTOOLS}" / "vendor" / "llhttp"
    if not source.exists():
        with tempfile.TemporaryDirectory() as directory:
            pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download"]
            name = f"httptools=={HTTPTOOLS}"
            subprocess.run([*pip, "--no-deps", "--no-binary", "httptools", "-d", directory, name], check=True)
            (archive,) = pathlib.Path(directory).iterdir()
            with tarfile.open(archive) as package:
                package.extractall(ROOT / "build", filter="data")
    return source


def count(program):
    """What the program did: the work, who did it, about how many bytes, in how many instructions."""
    with tempfile.TemporaryDirectory() as directory:
        valgrind = ["valgrind", "--quiet", "--tool=callgrind", "--toggle-collect=counted", "--dump-after=counted"]
        command = [*valgrind, f"--callgrind-out-file={directory}/out", program]
        printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        for number, line in enumerate(printed, start=1):
            work, by, size = line.split("\t")
            yield work, by, int(size), total(pathlib.Path(directory) / f"out.{number}")


def total(dump):
    """The instructions of a dump."""
    for line in dump.read_text().splitlines():
        if line.startswith("summary: "):
            return int(line.split()[1])
    raise ValueError(f"{dump} has no summary")
