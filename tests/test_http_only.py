"""Firmware built without TLS, as for the smallest boards."""

import pytest

from support.memory_socket import SOURCE
from support.messages import redirect, response

pytestmark = pytest.mark.needs("no tls")

EOPNOTSUPP = 95

SCRIPTED = SOURCE + "Socket.script = script\n"


@pytest.mark.parametrize("arguments", ["", ", verify=False", ", verify=None"])
def test_https_is_refused(mpy, arguments):
    raised = mpy.error(f"mrequests.get('https://host/'{arguments})", before=SCRIPTED, script=[[response()]])
    assert (raised.kind, raised.errno) == ("OSError", EOPNOTSUPP)
    assert "TLS" in raised.text


@pytest.mark.parametrize("arguments", ["verify=b'-----BEGIN CERTIFICATE-----'", "verify=True", "cert=(b'', b'')"])
def test_verification_never_passes_silently(mpy, arguments):
    raised = mpy.error(f"mrequests.get('https://host/', {arguments})", before=SCRIPTED, script=[[response()]])
    assert raised.kind == "ValueError"


def test_redirect_to_https_is_refused(mpy):
    script = [[redirect("https://host/")], [response()]]
    raised = mpy.error("mrequests.get('http://host/')", before=SCRIPTED, script=script)
    assert (raised.kind, raised.errno) == ("OSError", EOPNOTSUPP)


def test_a_context_of_its_own_works(mpy):
    source = """
class Context:
    def wrap_socket(self, sock, server_hostname=None):
        self.name = server_hostname
        return sock
c = Context()
show(mrequests.get("https://host/", ssl_context=c).content, c.name, descriptors())
"""
    assert mpy(SCRIPTED + source, script=[[response(b"hello")]]) == (b"hello", "host", 0)
