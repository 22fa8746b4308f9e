"""Builds the benchmarks and counts their instructions with callgrind."""

import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import typing

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
            shutil.unpack_archive(archive, ROOT / "build")
    return source


class Bench(typing.NamedTuple):
    """What a benchmark took, in instructions."""

    work: str
    by: str
    size: int  # how many bytes it is about
    all: int
    own: int  # without libc's, which depend on the processor


def count(program):
    """Runs the benchmarks."""
    with tempfile.TemporaryDirectory() as directory:
        valgrind = ["valgrind", "--quiet", "--tool=callgrind", "--toggle-collect=counted", "--dump-after=counted"]
        command = [*valgrind, f"--callgrind-out-file={directory}/out", program]
        printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        for number, line in enumerate(printed, start=1):
            work, by, size = line.split("\t")
            costs = by_object(pathlib.Path(directory, f"out.{number}").read_text())
            yield Bench(work, by, int(size), sum(costs.values()), costs[str(program)])


def by_object(dump):
    """The instructions in each object, of a dump in callgrind's format."""
    names, costs = {}, collections.Counter()
    lines = iter(dump.splitlines())
    for line in lines:
        if line.startswith("calls="):
            next(lines)  # what the called function took
        elif found := re.fullmatch(r"ob=\((\d+)\)(?: (.+))?", line):
            number, name = found.groups()
            path = names.setdefault(number, name)
        elif found := re.fullmatch(r"[-+*\d]\S* (\d+)", line):
            costs[path] += int(found[1])
        elif found := re.fullmatch(r"cob=\((\d+)\) (.+)", line):
            names[found[1]] = found[2]
    return costs
