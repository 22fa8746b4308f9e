"""Save a document to a file and draw a progress bar.

usage: get_save_file_with_progress.py [url [file]]
"""

import sys

import mrequests

# For type checkers only: boards have no typing module.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from mrequests import _WritableBuffer

WIDTH = 60


def progress_line(done: int, total: int | None) -> str:
    """Return one line of at most WIDTH characters."""
    received = "%8.1f kB" % (done / 1024)
    if total is None:
        return received + " of an unknown size"
    share = done / total if total else 1.0
    room = WIDTH - len("[] 100% ") - len(received)
    filled = int(room * share)
    return "[%s%s] %3d%% %s" % ("#" * filled, "." * (room - filled), int(100 * share), received)


class ProgressResponse(mrequests.Response):
    """A response that draws its progress: save() calls readinto()."""

    def __init__(self, sock: object, sockfile: object, save_headers: bool = False) -> None:
        super().__init__(sock, sockfile, save_headers)
        self.done = 0
        self.drawn = ""

    def readinto(self, buf: _WritableBuffer, size: int = 0) -> int:
        count = super().readinto(buf, size)
        self.done += count
        line = progress_line(self.done, self.content_length)
        # Consoles are slow: draw only changed lines.
        if line != self.drawn:
            print("\r" + line, end="")
            self.drawn = line
        return count


def download(url: str, path: str) -> int:
    """Save the document at url. Return its size in bytes."""
    with mrequests.get(url, response_class=ProgressResponse) as r:
        r.raise_for_status()
        try:
            return r.save(path, bytearray(2048))
        finally:
            print()


def main(argv: list[str]) -> int:
    url = argv[1] if len(argv) > 1 else "http://httpbin.org/bytes/100000"
    path = argv[2] if len(argv) > 2 else "download.bin"
    size = download(url, path)
    print("%d bytes saved to %s" % (size, path))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
