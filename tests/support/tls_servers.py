"""Real TLS servers: `openssl s_server`, and an nginx with many ports."""

from support.servers import NGINX_BASE, Process, free_port, nginx_executable, write_files

NGINX_CONF = (
    NGINX_BASE
    + """
    {servers}
}}
"""
)

SERVER_CONF = """
server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {pem};
    ssl_certificate_key {pem};
    location = /cipher {{ default_type text/plain; return 200 "$ssl_protocol $ssl_cipher"; }}
    location = /offer {{ default_type text/plain; return 200 "$ssl_ciphers"; }}
    location = /client {{ default_type text/plain; return 200 "$ssl_client_verify $ssl_client_s_dn"; }}
    location = /name {{ default_type text/plain; return 200 "$ssl_server_name"; }}
    {lines}
}}
"""


class TlsNginx(Process):
    """An nginx with a port for each of `servers`: {name: (Certificate, configuration)}.

    `url(name)` is the base URL of one server. Each serves `files`.
    """

    files = {
        "hello.txt": b"hello\n",
        "1m.bin": b"".join(b"%015d\n" % i for i in range(65536)),
        "data.json": b'{"numbers": [1, 2, 3]}\n',
    }

    def __init__(self, directory, servers):
        executable = nginx_executable()
        www = directory / "www"
        write_files(www, self.files)
        self.ports = {}
        blocks = []
        for name, (certificate, lines) in servers.items():
            self.ports[name] = free_port()
            pem = certificate.write(directory, name)
            blocks.append(SERVER_CONF.format(port=self.ports[name], pem=pem, lines=lines))
        (directory / "nginx.conf").write_text(NGINX_CONF.format(run=directory, www=www, servers="".join(blocks)))
        super().__init__(
            [executable, "-p", str(directory), "-c", str(directory / "nginx.conf"), "-e", str(directory / "error.log")],
            next(iter(self.ports.values())),
            directory,
        )

    def url(self, name, host="localhost"):
        return f"https://{host}:{self.ports[name]}"


class OpensslServer(Process):
    """`openssl s_server` with a certificate and options."""

    def __init__(self, directory, certificate, *options):
        self.port = free_port()
        self.url = f"https://localhost:{self.port}/"
        directory = directory / f"s_server-{self.port}"
        directory.mkdir()
        pem = certificate.write(directory)
        command = ["openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-quiet"]
        command += ["-cert", str(pem), "-key", str(pem), "-cert_chain", str(pem), *options]
        super().__init__(command, self.port, directory)
