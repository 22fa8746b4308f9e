"""Real servers: httpbin and nginx, each in a separate process on free ports."""

import contextlib
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import time

import pytest

# The start of each nginx configuration: nginx writes to its directory only.
NGINX_BASE = """
daemon off;
master_process off;
pid {run}/nginx.pid;
error_log {run}/error.log warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {run}/body; proxy_temp_path {run}/proxy; fastcgi_temp_path {run}/fastcgi;
    uwsgi_temp_path {run}/uwsgi; scgi_temp_path {run}/scgi;
    default_type application/octet-stream;
    root {www};
"""

NGINX_CONF = (
    NGINX_BASE
    + """
    keepalive_timeout 60;
    client_max_body_size 64m;
    types {{ application/json json; text/plain txt; }}
    server {{
        listen 127.0.0.1:{port};
        listen [::1]:{port};
        # A filter that may change the length makes nginx send the body in chunks.
        location /chunked/ {{ alias {www}/; sub_filter_types *; sub_filter "never in there" ""; }}
        location /gzip/ {{ alias {www}/; gzip on; gzip_min_length 1; gzip_types *; }}
        location /private/ {{ alias {www}/; auth_basic "here"; auth_basic_user_file {run}/users; }}
        location /moved/ {{ rewrite ^/moved/(.*)$ /$1 permanent; }}
        location = /to-https {{ return 302 https://localhost:{tls_port}/small.txt; }}
        location = /empty {{ return 204; }}
        location = /host {{ default_type text/plain; return 200 "$http_host"; }}
    }}
    server {{
        listen 127.0.0.1:{tls_port} ssl;
        listen [::1]:{tls_port} ssl;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {run}/localhost.pem;
        ssl_certificate_key {run}/localhost.pem;
        location = /to-http {{ return 302 http://localhost:{port}/small.txt; }}
        location /chunked/ {{ alias {www}/; sub_filter_types *; sub_filter "never in there" ""; }}
    }}
    server {{
        listen 127.0.0.1:{other_port} ssl;
        listen [::1]:{other_port} ssl;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {run}/other.pem;
        ssl_certificate_key {run}/other.pem;
    }}
}}
"""
)


_given = set()


def free_port():
    """Returns a free port below the ephemeral range, because tests run in parallel.

    No two calls return the same port.
    """
    first_ephemeral = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(10000, first_ephemeral)
        if port in _given:
            continue
        with socket.socket() as sock, contextlib.suppress(OSError):
            sock.bind(("127.0.0.1", port))
            _given.add(port)
            return port


class Process:
    """A server process that is ready when `port` accepts connections."""

    def __init__(self, command, port, directory):
        self.log = directory / "output.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_ready(port)

    def _wait_until_ready(self, port, seconds=30):
        limit = time.monotonic() + seconds
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > limit:
                    self.stop()
                    pytest.fail(f"{self.process.args[0]} does not start:\n{self.log.read_text()}")
                time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Httpbin(Process):
    """httpbin in gunicorn."""

    def __init__(self, directory):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        super().__init__(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "--log-level=warning",
                "-k",
                "gthread",
                "--threads=16",
                "-b",
                f"127.0.0.1:{port}",
                "httpbin:app",
            ],
            port,
            directory,
        )


def nginx_executable():
    """Returns the path of nginx; fails the test without one."""
    executable = shutil.which("nginx") or "/usr/sbin/nginx"
    if not os.path.exists(executable):
        pytest.fail("nginx is not installed: the tests need it (Debian package nginx)")
    return executable


def write_files(directory, files):
    """Writes `files`, {name: content}, into a directory."""
    directory.mkdir()
    for name, content in files.items():
        (directory / name).write_bytes(content)


class Nginx(Process):
    """nginx that serves files over http and https."""

    files = {
        "small.txt": b"a small file\n",
        "1k.bin": bytes(range(256)) * 4,
        "1m.bin": b"".join(b"%015d\n" % i for i in range(65536)),
        "data.json": b'{"numbers": [1, 2, 3], "name": "z\xc3\xbcrich"}',
        "empty.txt": b"",
    }

    def __init__(self, directory, authority):
        executable = nginx_executable()
        www = directory / "www"
        write_files(www, self.files)
        (directory / "users").write_text("joe:{PLAIN}secret\n")
        authority.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
            directory / "localhost.pem"
        )
        authority.issue_cert("elsewhere.example").private_key_and_cert_chain_pem.write_to_path(directory / "other.pem")
        port, tls_port, other_port = free_port(), free_port(), free_port()
        (directory / "nginx.conf").write_text(
            NGINX_CONF.format(run=directory, www=www, port=port, tls_port=tls_port, other_port=other_port)
        )
        self.url = f"http://127.0.0.1:{port}"
        self.url6 = f"http://[::1]:{port}"
        self.https = f"https://localhost:{tls_port}"
        self.https_other_name = f"https://localhost:{other_port}"
        super().__init__(
            [executable, "-p", str(directory), "-c", str(directory / "nginx.conf"), "-e", str(directory / "error.log")],
            port,
            directory,
        )
