"""What the engine's parts cost, beside httparse and llhttp at the same work.

usage: build/venv/bin/python bench/micro

Prints a table in Markdown, in instructions, which gungraun counts.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]

# Its source package has llhttp's C, which no registry of ours offers by itself.
HTTPTOOLS = "0.9.0"


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


def printed(*command, **variables):
    """What a command prints, in the directory of the crate."""
    options = {"cwd": HERE, "env": os.environ | variables, "check": True, "text": True}
    return subprocess.run(command, stdout=subprocess.PIPE, **options).stdout.strip()


def runner():
    """gungraun's own program, of the version in Cargo.lock; it is compiled where the cache has none."""
    _, _, package = printed("cargo", "pkgid", "--locked", "gungraun-runner").rpartition("#")
    cache = printed("bash", "-c", f'source "{ROOT}/tools/cache.sh" && echo "$cache"')
    installed = pathlib.Path(cache, package.replace("@", "-"))
    program = installed / "bin" / "gungraun-runner"
    if not program.exists():
        print(f"compiling {package}, once: a minute or two", file=sys.stderr)
        with tempfile.TemporaryDirectory() as directory:
            # Not optimised: it has little to do.
            variables = {"CARGO_TARGET_DIR": directory, "CARGO_PROFILE_DEV_DEBUG": "0"}
            printed("cargo", "install", "--quiet", "--locked", "--debug", "--root", installed, package, **variables)
    return program


def counts():
    """Runs the benchmarks: of each the work, the number of bytes that this is about, who does it, instructions."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "build" / "cargo")) / "micro"
    variables = {"CARGO_TARGET_DIR": str(target), "GUNGRAUN_RUNNER": str(runner()), "MREQUESTS_LLHTTP": str(llhttp())}
    bench = ("cargo", "bench", "--quiet", "--locked", "--", "--output-format=json")
    for line in printed(*bench, **variables).splitlines():
        summary = json.loads(line)
        work, _, size = summary["id"].replace("_", " ").rpartition(" ")
        (profile,) = summary["profiles"]
        instructions = profile["data"]["total"]["metrics"]["Ir"]["values"]["new"]
        yield work, int(size), summary["function_name"].replace("_", " "), instructions


def main():
    rows = list(counts())
    works = [row[:2] for row in rows]
    print("| Work | By | Instructions | A byte |\n|---|---|---:|---:|")
    for work, size, by, instructions in sorted(rows, key=lambda row: works.index(row[:2])):
        print(f"| {work}, {size} B | {by} | {instructions} | {instructions / size:.2f} |")


if __name__ == "__main__":
    main()
