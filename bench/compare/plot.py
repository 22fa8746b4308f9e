"""Draws the instructions in a report as SVG.

usage: bench/compare/plot.py REPORT FILE
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

TITLE = "Instructions of the client in a call, without the kernel's (callgrind)"
ITEMS = (
    *("get1k", "head8k", "post1k", "json1k", "lines1k", "stream1m", "save1m", "chunk4k", "chunk100"),
    *("tls1k", "tls1k-rsa", "tls1m"),
)
MARKS = {
    "mrequests": ("o", "#c0392b"),
    "mrequests-port": ("o", "#e59866"),
    "reference": ("P", "#7d3c98"),
    "requests": ("s", "#2471a3"),
    "raw": ("D", "#1e8449"),
    "c": ("|", "#212f3d"),
}


def draw(report, path):
    """A row for each item, a mark for each column."""
    results = report["results"]
    items = [item for item in ITEMS if item in results]
    figure, axes = plt.subplots(figsize=(7.5, 1.3 + 0.32 * len(items)), facecolor="white")
    # The first column lies on top of the others.
    for depth, (column, (mark, color)) in enumerate(MARKS.items()):
        values = [results[item].get(column, {}).get("instructions") for item in items]
        # A text says why there is no number.
        points = [(value, row) for row, value in enumerate(values) if isinstance(value, (int, float))]
        if points:
            label = report["columns"][column]
            axes.scatter(*zip(*points, strict=True), marker=mark, color=color, s=50, label=label, zorder=9 - depth / 10)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(EngFormatter())
    axes.set_yticks(range(len(items)), [report["items"][item] for item in items])
    axes.invert_yaxis()
    axes.set_title(TITLE, fontsize=10, loc="left")
    axes.grid(axis="x", color="#dddddd")
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.legend(ncols=3, loc="upper left", bbox_to_anchor=(-0.45, -0.09), frameon=False)
    figure.savefig(path, format="svg", metadata=METADATA, bbox_inches="tight")


if __name__ == "__main__":
    draw(json.loads(pathlib.Path(sys.argv[1]).read_text()), sys.argv[2])
