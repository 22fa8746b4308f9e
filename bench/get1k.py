"""What a GET of 1 kB with 10 header fields costs: heap, instructions, system calls.

usage: python3 bench/get1k.py INTERPRETER [MODULE...]

Compares modules with the API of requests that INTERPRETER has; by default mrequests and the frozen `requests`
of micropython-lib. Needs valgrind and strace. Figures are per call, from the difference of two runs, so that
start and end of the interpreter are not in them; the kernel's instructions are not either.
"""

import re
import socket
import subprocess
import sys
import tempfile
import threading

BODY = bytes(range(256)) * 4
HEAD = b"""HTTP/1.1 200 OK
Server: bench
Date: Sun, 22 Nov 2026 08:00:00 GMT
Content-Type: application/octet-stream
Content-Length: 1024
Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT
Connection: close
ETag: "6921442a-400"
Cache-Control: public, max-age=3600
X-Content-Type-Options: nosniff
Accept-Ranges: bytes

""".replace(b"\n", b"\r\n")

SCRIPT = """
import sys, gc
module, url, calls, count_heap = __import__(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
def call():
    r = module.get(url)
    assert len(r.content) == 1024
    r.close()
for _ in range(3):
    call()
gc.collect()
if count_heap:
    gc.disable()
before = gc.mem_alloc()
for _ in range(calls):
    call()
print((gc.mem_alloc() - before) // calls)
"""


def serve(connection):
    with connection:
        request = b""
        while b"\r\n\r\n" not in request:
            request += connection.recv(4096)
        connection.sendall(HEAD + BODY)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass


def accept(listener):
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


def measure(interpreter, module, url):
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(SCRIPT)
        script.flush()

        def run(calls, count_heap, heap, *prefix):
            command = [*prefix, interpreter, "-X", f"heapsize={heap}", script.name, module, url, str(calls), str(count_heap)]
            return subprocess.run(command, check=True, capture_output=True, text=True)

        def instructions(calls):
            # A board's heap: in a large one the cost of a call grows as the heap fills.
            result = run(calls, 0, "128K", "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
            return int(re.search(r"Collected : (\d+)", result.stderr)[1])

        def system_calls(calls):
            result = run(calls, 0, "128K", "strace", "-f", "-c", "-U", "calls,name")
            return int(re.search(r"(\d+) total", result.stderr)[1])

        return {
            "bytes of heap": int(run(10, 1, "1M").stdout),
            "instructions": (instructions(200) - instructions(100)) // 100,
            "system calls": (system_calls(60) - system_calls(10)) / 50,
        }


def main(interpreter, *modules):
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for module in modules or ("mrequests", "requests"):
            print(module, measure(interpreter, module, url))


if __name__ == "__main__":
    main(*sys.argv[1:])
