"""HTTP messages for scripts of the peer."""


def response(body=b"", *fields, status="200 OK", length=True):
    """Returns a response. `fields` are lines without CRLF; `length` adds Content-Length."""
    lines = ["HTTP/1.1 " + status, *fields]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def chunked(*pieces, fields=(), trailers=b""):
    """Returns a response with one chunk for each of `pieces`."""
    head = response(b"", "Transfer-Encoding: chunked", *fields, length=False)
    return head + chunks(*pieces, trailers=trailers)


def chunks(*pieces, trailers=b""):
    """Returns the chunked coding of `pieces`, with the last chunk."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return body + b"0\r\n" + trailers + b"\r\n"


def redirect(location, *fields, status="302 Found"):
    """Returns a redirect. `%%BASE%%` and `%%BASE2%%` stand for the peer's two origins."""
    return response(b"", f"Location: {location}", *fields, status=status)
