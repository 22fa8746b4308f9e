"""docs/architecture.md names every file of the module, in a table for each folder."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"


def test_every_file_is_named():
    folder, named = None, set()
    for line in PAGE.read_text().splitlines():
        header = re.match(r"\| File in `(.+/)` \|", line)
        folder = header[1] if header else folder if line.startswith("|") else None
        if folder and not header:
            named.update(folder + name for name in re.findall(r"`([\w/-]+\.(?:c|h|rs))`", line.split("|")[1]))
    found = [*ROOT.glob("c_glue/**/*.[ch]"), *ROOT.glob("rust/*/src/**/*.rs")]
    assert named == {str(path.relative_to(ROOT)) for path in found if "tests" not in path.parts[len(ROOT.parts) :]}
