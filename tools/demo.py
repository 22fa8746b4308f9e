"""Runs a script in a MicroPython interpreter, with the URL of an httpbin that lives as long as it.

usage: demo.py INTERPRETER SCRIPT LOG

What httpbin says goes to the file LOG.
"""

import pathlib
import socket
import subprocess
import sys
import tempfile


def start_httpbin(listener: socket.socket, log_file: str) -> subprocess.Popen:
    """Starts httpbin on a socket that listens already: nobody has to wait until it is up."""
    options = ["-k", "gthread", "--threads=4", "-b", f"fd://{listener.fileno()}"]
    command = [sys.executable, "-m", "gunicorn", *options, "httpbin:app"]
    with open(log_file, "wb") as log:
        return subprocess.Popen(
            command, pass_fds=[listener.fileno()], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )


def main(interpreter: str, script: str, log_file: str) -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        httpbin = start_httpbin(listener, log_file)
    try:
        with tempfile.TemporaryDirectory() as directory:
            print(f"running {script} {url}\n", flush=True)
            status = subprocess.run([interpreter, pathlib.Path(script).resolve(), url], cwd=directory).returncode
    finally:
        httpbin.terminate()
        httpbin.wait()
    if status < 0:
        print(f"the interpreter was ended by signal {-status}", file=sys.stderr)
        return 128 - status
    if status:
        print(f"the script failed; httpbin's log is {log_file}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
