"""Runs a script in a MicroPython interpreter, with the URL of an httpbin that lives as long as it.

usage: demo.py INTERPRETER SCRIPT
"""

import pathlib
import socket
import subprocess
import sys
import tempfile


def start_httpbin(listener: socket.socket) -> subprocess.Popen:
    """Starts httpbin on a socket that listens already: nobody has to wait until it is up."""
    command = [sys.executable, "-m", "gunicorn", "--log-level=warning", "-k", "gthread", "--threads=4",
               "-b", f"fd://{listener.fileno()}", "httpbin:app"]
    return subprocess.Popen(command, pass_fds=[listener.fileno()], stdin=subprocess.DEVNULL)


def main(interpreter: str, script: str) -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        httpbin = start_httpbin(listener)
    try:
        with tempfile.TemporaryDirectory() as directory:
            print(f"running {script} {url}\n", flush=True)
            return subprocess.run([interpreter, pathlib.Path(script).resolve(), url], cwd=directory).returncode
    finally:
        httpbin.terminate()
        httpbin.wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
