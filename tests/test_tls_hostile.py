"""Servers that break the rules of TLS 1.3, with and without a verified certificate (see support/hostile.py).

No server gets a byte of the request before its proof is verified; none harms the interpreter.
"""

import pytest

from support import certificates, tls13
from support.messages import response
from support.steps import (
    HONEST,
    TICKET,
    after,
    alert,
    answer,
    before,
    but,
    certificate,
    certificate_request,
    certificate_verify,
    change_cipher_spec,
    client_flight,
    close_notify,
    cut,
    damaged,
    encrypted_extensions,
    finished,
    fragments,
    hello,
    hello_retry_request,
    packed,
    plain,
    post_handshake,
    raw,
    replacing,
    request,
    reset,
    sealed,
    sealed_inner,
    server_hello,
    silence,
    ticket,
    until,
    without,
)
from support.tls13 import APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE
from support.tls_snippets import CONTEXT, EACCES, ECONNABORTED, ECONNRESET, EIO, ENOBUFS, EOPNOTSUPP

# Both kinds of client: one verifies, one accepts any certificate.
CALLS = (
    CONTEXT
    + """
before = descriptors()
show(attempt(lambda: mrequests.get(url, ssl_context=context(ca), timeout=10).content), descriptors() - before)
show(attempt(lambda: mrequests.get(url, ssl_context=context(), timeout=10).content), descriptors() - before)
"""
)


def calls(mpy, server, root):
    """Returns the outcomes of a verifying and of a careless call. Both close their sockets."""
    shown = mpy.run(CALLS, url=server.url, ca=root.pem).shown
    (verified, leaked), (careless, leaked_too) = shown
    assert (leaked, leaked_too) == (0, 0)
    return verified, careless


message = tls13.message
other_key = certificates.issue().key
rsa_key = certificates.issue(key="rsa2048").key


# The script in place of an honest handshake, and the errno and a word of the text for a verifying client.
NO_PROOF = {
    "no-certificate": (without(certificate), EIO, ""),
    "no-certificate-verify": (without(certificate_verify), EACCES, "prove"),
    "neither": (without(certificate, certificate_verify), EACCES, "prove"),
    "no-encrypted-extensions": (without(encrypted_extensions), EIO, ""),
    "data-for-finished": (until(finished, answer), EIO, ""),
    "empty-certificate": (but(certificate, chain=[]), EACCES, "certificate"),
    "certificate-is-no-certificate": (but(certificate, chain=[b"no certificate"]), EACCES, "malformed"),
    "certificate-of-no-bytes": (but(certificate, chain=[b""]), EACCES, "malformed"),
    "verify-before-certificate": (
        (hello, server_hello, change_cipher_spec, encrypted_extensions, certificate_verify, certificate, finished),
        EIO,
        "",
    ),
    "finished-before-certificate": (
        (hello, server_hello, encrypted_extensions, finished, certificate, certificate_verify),
        EACCES,
        "prove",
    ),
    "two-certificates": (before(certificate, certificate), EIO, ""),
    "two-verifies": (before(certificate_verify, certificate_verify), EIO, ""),
    "two-proofs": (before(certificate, certificate, certificate_verify), EIO, ""),
    "two-server-hellos": (before(server_hello, server_hello), EIO, ""),
    "two-encrypted-extensions": (before(encrypted_extensions, encrypted_extensions), EIO, ""),
    "signature-of-another-key": (but(certificate_verify, key=other_key), EACCES, "signature"),
    "signature-of-a-client": (
        but(certificate_verify, context=b"TLS 1.3, client CertificateVerify"),
        EACCES,
        "signature",
    ),
    "signature-of-another-scheme": (but(certificate_verify, claim=0x0503), EACCES, ""),
    "signature-of-another-kind-of-key": (but(certificate_verify, key=rsa_key), EACCES, ""),
    "signature-that-is-not-allowed": (but(certificate_verify, key=rsa_key, scheme=0x0401), EACCES, ""),
    "signature-of-no-known-scheme": (but(certificate_verify, claim=0xFEFE), EACCES, ""),
    # Looks like the substitute for a refused record (rust/tls/src/guard.rs).
    "signature-with-sha1": (but(certificate_verify, claim=0x0201), EACCES, ""),
    **{
        f"refusal-{detail.hex()}": (
            replacing(certificate_verify, lambda s, detail=detail: s.send_message(15, b"\x02\x01\x00\x02" + detail)),
            errno,
            "",
        )
        for detail, errno in [(b"\0\0", ECONNABORTED), (b"\1\0", EIO), (b"\4\0", ENOBUFS), (b"\xff\xff", EIO)]
    },
    "bad-finished": (but(finished, data=bytes(32)), EIO, ""),
    "short-finished": (but(finished, data=bytes(12)), EIO, ""),
    "empty-finished": (but(finished, data=b""), EIO, ""),
    "unknown-message": (before(certificate, lambda s: s.send_message(99, b"?")), EIO, ""),
    "client-hello-back": (before(certificate, lambda s: s.send_message(1, s.hello.body)), EIO, ""),
    "message-too-short": (replacing(certificate, lambda s: s.send_message(tls13.CERTIFICATE, b"\0")), EIO, ""),
    "message-length-too-large": (
        before(certificate, sealed(HANDSHAKE, b"\x0b\xff\xff\xff" + bytes(20))),
        ENOBUFS,
        "",
    ),
    "fragmented-messages": (after(server_hello, fragments(100)), ENOBUFS, "larger than a record"),
    "empty-plaintext": (before(encrypted_extensions, sealed_inner(b"")), EIO, ""),
    "only-padding": (before(encrypted_extensions, sealed_inner(bytes(50))), EIO, ""),
    "empty-message": (before(encrypted_extensions, sealed(HANDSHAKE)), EIO, ""),
    "sealed-early-data": (before(certificate, sealed(APPLICATION_DATA, b"HTTP/1.1 200 OK\r\n\r\n")), EIO, ""),
    "sealed-unknown-type": (before(certificate, sealed(99, b"?")), EIO, ""),
    "damaged-record": (before(certificate, damaged(HANDSHAKE, b"?")), EIO, ""),
    "plain-record": (before(certificate, plain(HANDSHAKE, message(tls13.FINISHED, bytes(32)))), EIO, ""),
    "plain-early-data": (before(certificate, plain(APPLICATION_DATA, b"HTTP/1.1 200 OK\r\n\r\n")), EIO, ""),
    "two-change-cipher-specs": (before(change_cipher_spec, change_cipher_spec), EIO, ""),
    "odd-change-cipher-spec": (before(change_cipher_spec, plain(CHANGE_CIPHER_SPEC, b"\x02")), EIO, ""),
    "early-change-cipher-spec": (before(server_hello, change_cipher_spec), EIO, ""),
    "unknown-type-of-record": (before(server_hello, plain(99, b"?")), EIO, ""),
    "unknown-type-later": (before(certificate, plain(99, b"?")), EIO, ""),
    "heartbeat": (before(certificate, plain(24, b"\x01\x40\x00")), EIO, ""),
    "empty-record": (before(server_hello, plain(HANDSHAKE, b"")), EIO, ""),
    "record-too-long": (before(certificate, raw(b"\x17\x03\x03\xff\xff" + bytes(70000))), EIO, "length"),
    "hello-too-long": (before(server_hello, raw(b"\x16\x03\x03\xff\xff" + bytes(70000))), EIO, "length"),
    "record-too-short": (before(certificate, plain(APPLICATION_DATA, bytes(16))), EIO, ""),
    "http": (until(server_hello, raw(b"HTTP/1.1 400 Bad Request\r\n\r\n")), EIO, ""),
    "closes-at-once": (until(server_hello), ECONNRESET, ""),
    "closes-in-a-header": (until(server_hello, raw(b"\x16\x03")), ECONNRESET, ""),
    "closes-in-a-record": (until(server_hello, raw(b"\x16\x03\x03\x01\x00" + bytes(100))), ECONNRESET, ""),
    "closes-before-the-certificate": (until(certificate), ECONNRESET, ""),
    "closes-before-finished": (until(finished), ECONNRESET, ""),
    "resets": (until(certificate, reset), ECONNRESET, ""),
    "alert-first": (until(server_hello, alert(40)), EOPNOTSUPP, "handshake_failure"),
    "alert-of-a-name": (until(server_hello, alert(112)), ECONNABORTED, "name"),
    "sealed-alert": (until(certificate, alert(80)), ECONNABORTED, "internal"),
    "alert-before-finished": (until(finished, alert(80)), ECONNABORTED, "internal"),
    "alert-of-no-name": (until(server_hello, alert(200)), ECONNABORTED, ""),
    "alert-of-one-byte": (until(server_hello, plain(tls13.ALERT, b"\x02")), EIO, ""),
    "close-notify-first": (until(server_hello, alert(0, level=1)), ECONNABORTED, ""),
    "hello-retry": (until(server_hello, hello_retry_request), EOPNOTSUPP, "key exchange"),
    "tls-1.2": (but(server_hello, version=None, group=None), EOPNOTSUPP, "TLS 1.3"),
    "unknown-version": (but(server_hello, version=0x0305), EIO, ""),
    "other-suite": (but(server_hello, suite=tls13.AES_256_GCM), EOPNOTSUPP, "suite"),
    "other-group": (but(server_hello, group=tls13.X25519, point=bytes(32)), EOPNOTSUPP, "key exchange"),
    "no-key-share": (but(server_hello, group=None), EIO, ""),
    "point-not-on-the-curve": (but(server_hello, point=b"\x04" + bytes(63) + b"\x01"), EIO, ""),
    "point-at-infinity": (but(server_hello, point=b"\x00"), EIO, ""),
    "short-point": (but(server_hello, point=b"\x04" + bytes(31)), EIO, ""),
}


# A client that does not verify accepts these: it checks neither the certificate nor the signature.
GOOD_FOR_THE_CARELESS = {
    "certificate-is-no-certificate",
    "certificate-of-no-bytes",
    "signature-of-another-key",
    "signature-of-a-client",
    "signature-of-another-scheme",
    "signature-of-another-kind-of-key",
    "signature-that-is-not-allowed",
    "signature-with-sha1",
}


@pytest.mark.parametrize("name", NO_PROOF)
def test_no_proof(mpy, hostile, root, name):
    script, errno, word = NO_PROOF[name]
    server = hostile(script)
    verified, careless = calls(mpy, server, root)
    assert verified is not None, "the client accepted the server"
    assert verified[:2] == ("OSError", errno)
    assert word in verified[2]
    assert (careless and careless[0]) == (None if name in GOOD_FOR_THE_CARELESS else "OSError")


@pytest.mark.parametrize("name", NO_PROOF)
def test_nothing_of_the_request_is_sent(mpy, hostile, root, name):
    script = NO_PROOF[name][0]
    server = hostile(script)
    mpy.error("mrequests.get(url, verify=ca, headers={'X-Secret': 'secret'})", url=server.url, ca=root.pem)
    assert server.nothing_leaked()


def test_the_honest_script_is_good(mpy, hostile, root):
    """Guards the tests above: an unchanged script succeeds."""
    server = hostile(HONEST)
    assert calls(mpy, server, root) == (None, None)
    assert server.application_data.count(b"GET / HTTP/1.1\r\n") == 2
    assert server.unreadable == 0


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa2048", "ed25519"])
def test_signatures_of_the_honest_script(mpy, hostile, root, kind):
    server = hostile(HONEST, certificates.server(root, key=kind))
    assert mpy("show(mrequests.get(url, verify=ca).content)", url=server.url, ca=root.pem) == b"hello"


FLIGHT = (encrypted_extensions, certificate, certificate_verify, finished)

# The body extends to the end of the connection, so a forged end would truncate it.
start = sealed(APPLICATION_DATA, response(b"first ", length=False))
rest = sealed(APPLICATION_DATA, b"second")

# Unusual but allowed.
ALLOWED = {
    "single-bytes": (HONEST, {"single_bytes": True}),
    "one-record": ((hello, server_hello, packed(*FLIGHT), client_flight, request, answer, close_notify), {}),
    "two-records": (
        (hello, server_hello, packed(*FLIGHT[:2]), packed(*FLIGHT[2:]), client_flight, request, answer, close_notify),
        {},
    ),
    "no-change-cipher-spec": (without(change_cipher_spec), {}),
    "padding": (before(answer, sealed(APPLICATION_DATA, b"HTTP/1.1 100 Continue\r\n\r\n", 1000)), {}),
    "padding-in-the-handshake": (
        replacing(
            encrypted_extensions,
            lambda s: (
                encrypted_extensions_part(s),
                sealed(HANDSHAKE, message(tls13.ENCRYPTED_EXTENSIONS, b"\0\0"), 300)(s),
            ),
        ),
        {},
    ),
    "empty-data": (before(answer, sealed(APPLICATION_DATA), sealed(APPLICATION_DATA)), {}),
    "empty-data-with-padding": (before(answer, sealed(APPLICATION_DATA, b"", 100)), {}),
    "ticket": (after(client_flight, ticket), {}),
    "ticket-before-the-answer": (before(answer, ticket), {}),
    "ticket-after-the-answer": (after(answer, ticket), {}),
    "ticket-in-pieces": (before(answer, *[sealed(HANDSHAKE, TICKET[n : n + 1]) for n in range(len(TICKET))]), {}),
    "two-tickets-in-a-record": (before(answer, sealed(HANDSHAKE, TICKET * 2)), {}),
    "many-tickets": (before(answer, *[ticket] * 10), {}),
    "server-name-is-acknowledged": (but(encrypted_extensions, content=tls13.extension(0, b"")), {}),
}


def encrypted_extensions_part(s):
    """Adds the message to the transcript; the caller sends it in another form."""
    s.transcript += message(tls13.ENCRYPTED_EXTENSIONS, b"\0\0")


@pytest.mark.parametrize("script, options", ALLOWED.values(), ids=ALLOWED.keys())
def test_allowed(mpy, hostile, root, script, options):
    server = hostile(script, **options)
    assert mpy("show(mrequests.get(url, verify=ca).content)", url=server.url, ca=root.pem) == b"hello"


def test_tickets_between_data(mpy, hostile, root):
    server = hostile(until(answer, start, ticket, ticket, rest, ticket, close_notify))
    assert mpy("show(mrequests.get(url, verify=ca).content)", url=server.url, ca=root.pem) == b"first second"


def test_certificate_request_without_a_certificate(mpy, hostile, root):
    """The client sends an empty certificate list (RFC 8446 section 4.4.2)."""
    server = hostile(before(certificate, certificate_request))
    assert mpy("show(mrequests.get(url, verify=ca).content)", url=server.url, ca=root.pem) == b"hello"


# After the handshake.


def twice(s):
    """Sends a record twice."""
    data = s.seal_with.seal(b"x" + tls13.u8(APPLICATION_DATA))
    s.send(data + data)


INJECTED = {
    "nothing": ([], None, ""),
    "cut": ([cut], ECONNRESET, ""),
    "reset": ([reset], ECONNRESET, ""),
    "cut-in-a-header": ([raw(b"\x17\x03"), cut], ECONNRESET, ""),
    "cut-in-a-record": ([raw(b"\x17\x03\x03\x00\x40" + bytes(10)), cut], ECONNRESET, ""),
    "plain-close-notify": ([plain(tls13.ALERT, b"\x01\x00")], EIO, ""),
    "plain-alert": ([plain(tls13.ALERT, b"\x02\x28")], EIO, ""),
    "plain-finished": ([plain(HANDSHAKE, message(tls13.FINISHED, bytes(32)))], EIO, ""),
    "plain-ticket": ([plain(HANDSHAKE, message(tls13.NEW_SESSION_TICKET, bytes(20)))], EIO, ""),
    "plain-data": ([plain(APPLICATION_DATA, b"injected data, longer than a tag")], EIO, ""),
    "change-cipher-spec": ([plain(CHANGE_CIPHER_SPEC, b"\x01")], EIO, ""),
    "unknown-type": ([plain(99, b"?")], EIO, ""),
    "sealed-unknown-type": ([sealed(99, b"?")], EIO, ""),
    "empty-plaintext": ([sealed_inner(b"")], EIO, ""),
    "only-padding": ([sealed_inner(bytes(40))], EIO, ""),
    "sealed-finished": ([post_handshake(tls13.FINISHED, bytes(32))], EIO, ""),
    "sealed-server-hello": ([post_handshake(tls13.SERVER_HELLO, bytes(60))], EIO, ""),
    "sealed-certificate": ([post_handshake(tls13.CERTIFICATE, bytes(4))], EIO, ""),
    "sealed-certificate-request": ([post_handshake(tls13.CERTIFICATE_REQUEST, bytes(3))], EIO, ""),
    "sealed-unknown-message": ([post_handshake(99, b"?")], EIO, ""),
    "sealed-half-message": ([sealed(HANDSHAKE, message(tls13.NEW_SESSION_TICKET, bytes(40))[:20])], EIO, ""),
    "sealed-empty-message": ([sealed(HANDSHAKE)], EIO, ""),
    "malformed-ticket": ([post_handshake(tls13.NEW_SESSION_TICKET, b"")], None, ""),
    "sealed-change-cipher-spec": ([sealed(CHANGE_CIPHER_SPEC, b"\x01")], EIO, ""),
    "key-update": ([post_handshake(tls13.KEY_UPDATE, b"\0")], EIO, "KeyUpdate"),
    "key-update-requested": ([post_handshake(tls13.KEY_UPDATE, b"\1")], EIO, "KeyUpdate"),
    "damaged": ([damaged(APPLICATION_DATA, b"x")], EIO, ""),
    "replayed": ([twice], EIO, ""),
    "too-long": ([raw(b"\x17\x03\x03\xff\xff" + bytes(70000))], EIO, "length"),
    "a-little-too-long": ([raw(b"\x17\x03\x03\x41\x01" + bytes(16641))], EIO, "length"),
    "too-short": ([raw(b"\x17\x03\x03\x00\x10" + bytes(16))], EIO, ""),
    "alert": ([alert(80)], ECONNABORTED, "internal"),
    "alert-of-one-byte": ([sealed(tls13.ALERT, b"\x02")], EIO, ""),
    "empty-alert": ([sealed(tls13.ALERT)], EIO, ""),
}


@pytest.mark.parametrize("name", INJECTED)
@pytest.mark.parametrize("trust", ["ca", "None"], ids=["verified", "careless"])
def test_after_the_handshake(mpy, hostile, root, name, trust):
    steps, errno, word = INJECTED[name]
    server = hostile(until(answer, start, *steps, rest, close_notify))
    source = CONTEXT + f"r = mrequests.get(url, ssl_context=context({trust}), timeout=10)\n"
    if errno is None:
        assert mpy(source + "show(r.content)", url=server.url, ca=root.pem) == b"first second"
        return
    raised = mpy.error(source + "r.content", url=server.url, ca=root.pem)
    assert (raised.kind, raised.errno) == ("OSError", errno)
    assert word in raised.text


# The alerts that the client sends (RFC 8446 section 6.2).
TOLD = {"damaged": 20, "replayed": 20, "too-long": 22, "sealed-unknown-type": 10, "key-update": 80}


@pytest.mark.parametrize("name", TOLD)
def test_the_server_is_told(mpy, hostile, root, name):
    server = hostile(until(answer, start, *INJECTED[name][0], silence))
    mpy.error("mrequests.get(url, verify=ca, timeout=10).content", url=server.url, ca=root.pem)
    assert server.closed_by_client.wait(5)
    assert server.unreadable == 0
    assert server.records[-1] == (tls13.ALERT, bytes([2, TOLD[name]]))


@pytest.mark.parametrize("name", ["cut", "plain-close-notify", "key-update", "damaged", "alert"])
def test_errors_are_final(mpy, hostile, root, name):
    """Data before the error is delivered; every later read raises the same error."""
    steps, errno, _ = INJECTED[name]
    server = hostile(until(answer, start, *steps, rest, close_notify))
    shown = mpy(
        CONTEXT
        + """
s = tls(port, ca)
s.write(b"GET / HTTP/1.0\\r\\n\\r\\n")
first = s.read(len(head))
show(first, [attempt(lambda: s.read(1)) for _ in range(3)], attempt(lambda: s.write(b"x")) is not None)
s.close()
""",
        port=server.port,
        ca=root.pem,
        head=response(b"first ", length=False),
    )
    first, raised, refuses = shown
    assert first == response(b"first ", length=False)
    assert {each[:2] for each in raised} == {("OSError", errno)}
    assert len(set(raised)) == 1
    assert refuses


@pytest.mark.thorough
def test_interpreter_lives_on(mpy, hostile, root):
    """All hostile servers in one process, followed by a successful call."""
    bad = [hostile(script).url for script, _, _ in NO_PROOF.values()]
    shown = mpy(
        """
    before = descriptors()
    for url in bad:
        attempt(lambda: mrequests.get(url, verify=ca, timeout=5))
    show(mrequests.get(good, verify=ca).content, descriptors() - before)
    """,
        bad=bad,
        good=hostile(HONEST).url,
        ca=root.pem,
        timeout=60,
    )
    assert shown == (b"hello", 0)
