"""What is compared: the clients, and how a worker of each is started."""

import os
import subprocess
import sys
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A client.

    `program` starts its worker, `option` is the worker's last argument. `kinds`: the schemes that it is measured with.
    """

    name: str
    title: str
    program: tuple
    environment: dict = field(default_factory=dict)
    option: tuple = ()
    schemes: tuple = ("http", "https")
    is_micropython: bool = False

    def measures(self, item):
        return ("https" if item.is_https else "http") in self.schemes

    def command(self, item, url, mode, calls, heap):
        program, *rest = self.program
        sized = ["-X", f"heapsize={heap}"] if self.is_micropython else []
        return [program, *sized, *rest, item.kind, url, mode, str(calls), *self.option]


@dataclass(frozen=True)
class Programs:
    """What was built for the comparison."""

    interpreter: str
    limit: str
    workers: str
    desktop: str
    reference_interpreter: str = None
    reference: str = None


def columns(programs, environment):
    """All columns. `environment` is for the workers."""
    micropython = environment | {"MICROPYPATH": f".frozen:{programs.workers}"}

    def script(name, title, worker, **options):
        program = (programs.interpreter, "-m", worker)
        return Column(name, title, program, micropython, is_micropython=True, **options)

    def desktop(name):
        return Column(name, name, (sys.executable, programs.desktop, name), environment)

    yield script("mrequests", "mrequests", "mrequests_api", option=("own",))
    yield script("mrequests-port", "mrequests, port's TLS", "mrequests_api", schemes=("https",))
    if programs.reference:
        path = {"MICROPYPATH": f".frozen:{programs.workers}:{programs.reference}"}
        program = (programs.reference_interpreter, "-m", "mrequests_api")
        yield Column("reference", "reference", program, micropython | path, is_micropython=True)
    yield script("requests", "requests of micropython-lib", "requests_api")
    yield script("raw", "raw socket, script", "raw")
    yield Column("c", "C", (programs.limit,), environment)
    yield desktop("cpython-requests")
    yield desktop("httpx")
    yield desktop("pycurl")
