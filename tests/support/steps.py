"""Steps of a hostile server, and scripts made of them (see support/hostile.py).

HONEST is the script of a good server; tests omit, repeat, reorder and replace its steps with `without`,
`before`, `after`, `replacing`, `until` and `but`.
"""

import functools
import os
import socket
import struct

from support import tls13
from support.hostile import Gone, Session
from support.messages import response
from support.tls13 import message, record, u8, u16, vector

# The steps of a good server.


def hello(s):
    """Receives the client hello."""
    kind, content = s.receive_record()
    assert (kind, content[0]) == (tls13.HANDSHAKE, tls13.CLIENT_HELLO)
    s.transcript = content
    s.hello = tls13.ClientHello(content[4:])
    s.server.hellos.append(s.hello)


def server_hello(s, suite=tls13.AES_128_GCM, version=tls13.TLS13, group=tls13.SECP256R1, point=None):
    if tls13.KEY_SHARE not in s.hello.extensions or tls13.SECP256R1 not in s.hello.key_shares:
        raise Gone  # the fallback to the port's TLS, of an older version or with another key exchange
    share, shared = tls13.key_agreement(s.hello.key_shares[tls13.SECP256R1])
    extensions = b""
    if version is not None:
        extensions += tls13.extension(tls13.SUPPORTED_VERSIONS, u16(version))
    if group is not None:
        extensions += tls13.extension(tls13.KEY_SHARE, u16(group) + vector(2, share if point is None else point))
    s.send_message(
        tls13.SERVER_HELLO,
        u16(tls13.TLS12) + os.urandom(32) + vector(1, s.hello.session_id) + u16(suite) + u8(0) + vector(2, extensions),
    )
    s.schedule = tls13.KeySchedule(shared)
    s.client_secret, s.server_secret = s.schedule.handshake_traffic(s.transcript)
    s.seal_with, s.open_with = tls13.Protection(s.server_secret), tls13.Protection(s.client_secret)


def change_cipher_spec(s):
    s.send(record(tls13.CHANGE_CIPHER_SPEC, b"\x01"))


def encrypted_extensions(s, content=b""):
    s.send_message(tls13.ENCRYPTED_EXTENSIONS, vector(2, content))


def certificate_request(s):
    schemes = vector(2, u16(0x0403) + u16(0x0804))
    s.send_message(
        tls13.CERTIFICATE_REQUEST, vector(1, b"") + vector(2, tls13.extension(tls13.SIGNATURE_ALGORITHMS, schemes))
    )


def certificate(s, chain=None):
    """Sends `chain`, certificates in DER, or the chain of the identity."""
    chain = [each.der for each in s.identity.chain] if chain is None else chain
    entries = b"".join(vector(3, der) + vector(2, b"") for der in chain)
    s.send_message(tls13.CERTIFICATE, vector(1, b"") + vector(3, entries))


def certificate_verify(s, key=None, scheme=None, claim=None, **options):
    """Signs the transcript. `claim` is a scheme to name in place of the one used."""
    key = key or s.identity.key
    scheme = scheme or tls13.usual_scheme(key)
    signature = tls13.sign_transcript(key, scheme, s.transcript, **options)
    s.send_message(tls13.CERTIFICATE_VERIFY, u16(claim or scheme) + vector(2, signature))


def finished(s, data=None):
    s.send_message(tls13.FINISHED, tls13.verify_data(s.server_secret, s.transcript) if data is None else data)
    s.application_secrets = s.schedule.application_traffic(s.transcript)
    s.seal_with = tls13.Protection(s.application_secrets[1])


def client_flight(s):
    """Receives up to the client's Finished, and verifies it."""
    while True:
        kind, body = s.receive_message()
        if kind == tls13.FINISHED:
            break
        s.transcript += message(kind, body)
    assert body == tls13.verify_data(s.client_secret, s.transcript), "the client's Finished is wrong"


def request(s):
    """Receives a request without a body."""
    while b"\r\n\r\n" not in s.received:
        s.receive_record()


def answer(s):
    s.send_record(tls13.APPLICATION_DATA, response(b"hello"))


def close_notify(s):
    s.send_record(tls13.ALERT, b"\x01\x00")


HONEST = (
    hello,
    server_hello,
    change_cipher_spec,
    encrypted_extensions,
    certificate,
    certificate_verify,
    finished,
    client_flight,
    request,
    answer,
    close_notify,
)


# Scripts made from HONEST.


def without(*steps):
    assert all(step in HONEST for step in steps)
    return tuple(step for step in HONEST if step not in steps)


def before(step, *others):
    at = HONEST.index(step)
    return (*HONEST[:at], *others, *HONEST[at:])


def after(step, *others):
    at = HONEST.index(step) + 1
    return (*HONEST[:at], *others, *HONEST[at:])


def replacing(step, *others):
    at = HONEST.index(step)
    return (*HONEST[:at], *others, *HONEST[at + 1 :])


def until(step, *others):
    """Returns the honest steps before `step`, then other steps."""
    return (*HONEST[: HONEST.index(step)], *others)


def but(step, **options):
    """Returns an honest script with changed arguments for one step."""
    return replacing(step, functools.partial(step, **options))


# More steps.

# Ends the connection without a close_notify.
cut = Session.cut

# Sends nothing until the client closes.
silence = Session.drain


def raw(data):
    """A step that sends bytes unchanged."""
    return lambda s: s.send(data)


def plain(kind, content):
    """A step that sends an unprotected record."""
    return raw(record(kind, content))


def sealed(kind, content=b"", padding=0):
    """A step that sends a record sealed with the current keys."""
    return lambda s: s.send_record(kind, content, padding)


def sealed_inner(inner):
    """A step that seals an inner plaintext, which may lack a content type."""
    return lambda s: s.send(s.seal_with.seal(inner))


def damaged(kind, content=b""):
    """Sends a record that was modified after sealing."""

    def step(s):
        data = s.seal_with.seal(content + u8(kind))
        s.send(data[:-1] + bytes([data[-1] ^ 1]))

    return step


def post_handshake(kind, body=b""):
    """A step that sends a handshake message outside the transcript."""
    return sealed(tls13.HANDSHAKE, message(kind, body))


# A NewSessionTicket message with arbitrary content.
TICKET = message(
    tls13.NEW_SESSION_TICKET,
    (7200).to_bytes(4, "big") + bytes(4) + vector(1, b"n") + vector(2, b"t" * 200) + vector(2, b""),
)

ticket = sealed(tls13.HANDSHAKE, TICKET)


def alert(description, level=2):
    return lambda s: s.send_record(tls13.ALERT, u8(level) + u8(description))


def hello_retry_request(s):
    extensions = tls13.extension(tls13.SUPPORTED_VERSIONS, u16(tls13.TLS13))
    extensions += tls13.extension(tls13.KEY_SHARE, u16(tls13.SECP384R1))
    body = u16(tls13.TLS12) + tls13.RETRY + vector(1, s.hello.session_id) + u16(tls13.AES_128_GCM) + u8(0)
    s.send_message(tls13.SERVER_HELLO, body + vector(2, extensions))


def fragments(size):
    """A step that makes later handshake messages use fragments of `size` bytes."""

    def step(s):
        s.fragment = size

    return step


def packed(*steps):
    """A step that sends the messages of several steps in one record."""

    def step(s):
        s.packing = b""
        keys = s.seal_with
        for each in steps:
            each(s)
        data, s.packing = s.packing, None
        then, s.seal_with = s.seal_with, keys
        s.send_record(tls13.HANDSHAKE, data)
        s.seal_with = then

    return step


def reset(s):
    s.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.sock.close()
    raise Gone


def pause(seconds):
    """A step that sends nothing for some seconds, whatever the client does."""

    def step(s):
        if s.server.stopping.wait(seconds):
            raise Gone

    return step


def drip(data, every):
    """A step that sends a byte at each interval."""
    return lambda s: [step(s) for n in range(len(data)) for step in (raw(data[n : n + 1]), pause(every))]
