"""Draws the report as SVG.

usage: bench/compare/plot.py REPORT DIRECTORY
"""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.ticker import EngFormatter

# The same report gives the same file; text stays text, which is smaller.
plt.rcParams.update({"svg.hashsalt": "mrequests", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9})
METADATA = {"Date": None, "Creator": None}

# Of an item a row, from the top; of a column a mark.
ITEMS = ("get1k", "head8k", "post1k", "stream1m", "save1m", "chunk4k", "chunk100", "tls1k", "tls1k-rsa", "tls1m")
HEAP_ITEMS = ("get1k", "post1k", "stream1m", "save1m", "chunk4k", "chunk100")
MARKS = {
    "mrequests": ("o", "#c0392b"),
    "mrequests-port": ("o", "#e59866"),
    "reference": ("P", "#7d3c98"),
    "requests": ("s", "#2471a3"),
    "raw": ("D", "#1e8449"),
    "c": ("|", "#212f3d"),
    "cpython-requests": ("<", "#2471a3"),
    "httpx": (">", "#7f8c8d"),
    "pycurl": ("^", "#b7950b"),
}
MICROPYTHON = ("mrequests", "mrequests-port", "reference", "requests", "raw")


def main(report, directory):
    report = json.loads(pathlib.Path(report).read_text())
    directory = pathlib.Path(directory)

    def figure(name):
        return lambda values: values.get(name) if not isinstance(values.get(name), str) else None

    def median(name):
        return lambda values: values[name]["median"] if name in values else None

    draw(
        report,
        directory / "bench-instructions.svg",
        "Instructions of the client in a call, without the kernel's (callgrind)",
        figure("instructions"),
        ITEMS,
        (*MICROPYTHON, "c"),
    )
    draw(
        report,
        directory / "bench-cpu.svg",
        "CPU time of a call, the kernel's included, relative to mrequests",
        median("cpu"),
        ITEMS,
        tuple(MARKS),
    )
    draw(
        report,
        directory / "bench-heap.svg",
        "Least free heap for a call in bytes, Cortex-M3; besides a buffer of 4 kB that each client is given",
        figure("heap"),
        HEAP_ITEMS,
        MICROPYTHON,
        scale="linear",
    )


def draw(report, path, title, value_of, items, columns, scale="log"):
    """A row for each item, a mark for each column."""
    results = report["results"]
    items = [item for item in items if item in results]
    figure, axes = plt.subplots(figsize=(7.5, 1.3 + 0.32 * len(items)), facecolor="white")
    # The first lies on top of the others.
    for depth, column in enumerate(columns):
        values = [value_of(results[item].get(column, {})) for item in items]
        points = [(value, row) for row, value in enumerate(values) if value]
        if points:
            mark, color = MARKS[column]
            label = report["columns"][column]
            axes.scatter(*zip(*points, strict=True), marker=mark, color=color, s=50, label=label, zorder=9 - depth / 10)
    axes.set_xscale(scale)
    axes.xaxis.set_major_formatter(EngFormatter())
    axes.set_yticks(range(len(items)), [report["items"][item] for item in items])
    axes.invert_yaxis()
    axes.set_title(title, fontsize=10, loc="left")
    if scale == "linear":
        axes.set_xlim(left=0)
    axes.grid(axis="x", color="#dddddd")
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.legend(ncols=3, loc="upper left", bbox_to_anchor=(-0.45, -0.09), frameon=False)
    figure.savefig(path, format="svg", metadata=METADATA, bbox_inches="tight")
    plt.close(figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
