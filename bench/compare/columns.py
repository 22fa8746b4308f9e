"""The compared clients, and how to start a worker of each."""

import sys
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A client.

    `program` starts its `worker`, with `option` as the last argument. It is measured over each of `schemes`,
    except for the items in `without`.
    """

    name: str
    title: str
    program: tuple
    worker: str = None
    option: tuple = ()
    environment: dict = field(default_factory=dict)
    schemes: tuple = ("http", "https")
    without: tuple = ()
    is_micropython: bool = False
    is_desktop: bool = False

    def measures(self, item):
        scheme = "https" if item.is_https else "http"
        return scheme in self.schemes and item.name not in self.without

    def command(self, item, url, mode, calls, heap):
        program = [*self.program]
        if self.is_micropython:
            program += ["-X", f"heapsize={heap}", "-m", self.worker]
        return [*program, item.kind, url, mode, str(calls), *self.option]


def columns(programs):
    """All columns, in the order of the tables."""

    def script(name, title, worker, interpreter=programs.interpreter, path=(), **options):
        search = {"MICROPYPATH": ":".join(map(str, (".frozen", programs.workers, *path)))}
        return Column(name, title, (interpreter,), worker, environment=search, is_micropython=True, **options)

    def desktop(name, title):
        return Column(
            name,
            title,
            (sys.executable, programs.desktop),
            option=(name,),
            environment={"BENCH_MARK": str(programs.mark)},
            is_desktop=True,
        )

    yield script("mrequests", "mrequests", "mrequests_api", option=("own",))
    yield script("mrequests-port", "mrequests with the port's TLS", "mrequests_api", schemes=("https",))
    if programs.reference:
        yield script(
            "reference",
            "mrequests in Python",
            "mrequests_api",
            interpreter=programs.plain_interpreter,
            path=[programs.reference],
        )
    # Its read() of a whole body takes time with the square of the size: 10 MB would take minutes.
    yield script("requests", "requests of micropython-lib", "requests_api", without=("get10m",))
    yield script("raw", "script with a raw socket", "raw")
    yield Column("c", "C program, mbedtls", (programs.limit,))
    yield desktop("cpython-requests", "CPython: requests")
    yield desktop("httpx", "CPython: httpx")
    yield desktop("pycurl", "CPython: pycurl")
