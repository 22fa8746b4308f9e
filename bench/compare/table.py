"""The report as tables in Markdown, one for each figure."""

from figures import CLOCKS, HOW


def markdown(report):
    tables = [table(report, name) for name in report["figures"]]
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    return "\n\n".join(filter(None, [*tables, notes(report), versions]))


def table(report, figure):
    """Rows are items. Omits columns without a value; returns None without a row."""
    results = report["results"]
    columns = [name for name in report["columns"] if any(figure in row.get(name, {}) for row in results.values())]
    if not columns:
        return None
    lines = [HOW[figure], "", "| | " + " | ".join(report["columns"][name] for name in columns) + " |"]
    lines.append("|---|" + "---:|" * len(columns))
    for item, row in results.items():
        cells = [cell(row.get(name, {}).get(figure), figure) for name in columns]
        if set(cells) != {""}:
            lines.append(f"| {report['items'][item]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def cell(value, figure):
    if value is None:
        return ""
    if isinstance(value, str):
        return "varies" if value.startswith("not linear") else "fails"
    if figure in CLOCKS:
        return "{median:.2f} ({least:.2f} to {most:.2f})".format(**value)
    return shortened(value)


def shortened(value):
    """Four digits exceed the precision of most figures."""
    if value < 10000:
        return f"{value:.0f}"
    if value < 10000000:
        return f"{value / 1000:.{1 if value < 1000000 else 0}f} k"
    return f"{value / 1000000:.{1 if value < 1000000000 else 0}f} M"


def notes(report):
    """Lists the calls without figures, with the reasons."""
    reasons = {}
    for item, row in report["results"].items():
        for column, figures in row.items():
            for name, value in figures.items():
                if isinstance(value, str):
                    reasons.setdefault((report["columns"][column], name, value), []).append(item)
    lines = []
    for (column, name, reason), items in reasons.items():
        what = "" if name == "failed" else f", {name}"
        lines.append(f"- {column}, {', '.join(items)}{what}: {reason}")
    return "\n".join(lines)
