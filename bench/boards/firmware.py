"""Firmware that the project's scripts build."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def built(*command, **options):
    """The path that a script prints. `options` are variables of its environment."""
    printed = subprocess.run(
        command, cwd=ROOT, env=os.environ | options, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    return pathlib.Path(printed.strip())
