"""HTTP client for MicroPython, built into the firmware."""

import socket as socket
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, TypeAlias, TypedDict, TypeVar, overload

import mrequests as mrequests
from typing_extensions import NotRequired, Self, Unpack

from . import urlencode as urlencode, urlparseqs as urlparseqs, urlunquote as urlunquote

_T = TypeVar("_T")
_R = TypeVar("_R", bound="Response")

_Text: TypeAlias = str | bytes
_WritableBuffer: TypeAlias = bytearray | memoryview | array[Any]
_Buffer: TypeAlias = bytes | _WritableBuffer

# Mapping is invariant in its key type, so each key type needs its own member.
_Map: TypeAlias = Mapping[str, _T] | Mapping[bytes, _T] | Mapping[_Text, _T]
_Pairs: TypeAlias = Sequence[tuple[_Text, _T]]
_Form: TypeAlias = _Map[object] | _Pairs[object]

_FieldValue: TypeAlias = str | bytes | int | None
_Fields: TypeAlias = _Map[_FieldValue] | _Pairs[_FieldValue]
_Credentials: TypeAlias = tuple[_Text, _Text]
_Auth: TypeAlias = _Credentials | _Map[_FieldValue] | Callable[[], _Credentials | _Map[_FieldValue] | None]
_Timeout: TypeAlias = float | tuple[float | None, float | None]

class _Readable(Protocol):
    def read(self, size: int = ..., /) -> _Buffer: ...

class _Writable(Protocol):
    def write(self, data: Any, /) -> Any: ...

class _SSLContext(Protocol):
    def wrap_socket(self, sock: Any, /, *, server_hostname: str) -> Any: ...

_Data: TypeAlias = str | _Buffer | _Form | _Readable | Iterator[str | _Buffer]

class _Late(TypedDict):
    save_headers: NotRequired[bool]
    max_redirects: NotRequired[int]
    timeout: NotRequired[_Timeout | None]
    ssl_context: NotRequired[_SSLContext | None]
    params: NotRequired[_Text | _Form | None]
    allow_redirects: NotRequired[bool]
    deadline: NotRequired[float | None]
    verify: NotRequired[bool | _Text | None]
    cert: NotRequired[tuple[_Text, _Text] | None]

class _Keywords(_Late):
    data: NotRequired[_Data | None]
    json: NotRequired[Any]
    headers: NotRequired[_Fields | None]
    auth: NotRequired[_Auth | None]
    encoding: NotRequired[str | None]

MAX_READ_SIZE: int

class Response:
    """The response to a request; its body is a stream."""

    status_code: int
    reason: bytes
    headers: _Headers | None
    encoding: str
    url: str

    def __init__(self, sock: Any, sockfile: Any, save_headers: bool = False) -> None: ...
    @property
    def ok(self) -> bool:
        """Whether status_code is below 400."""

    @property
    def history(self) -> list[tuple[int, str]]:
        """Status and URL of each redirect followed."""

    @property
    def chunked(self) -> bool: ...
    @property
    def charset(self) -> str:
        """The charset of the Content-Type, else utf-8."""

    @property
    def content_length(self) -> int | None:
        """The value of Content-Length; None if missing or if the body is chunked."""

    @property
    def content(self) -> bytes:
        """The whole body; kept once it has been read."""

    @property
    def text(self) -> str:
        """The whole body, decoded by charset."""

    def json(self) -> Any:
        """Parse the body while it arrives, without keeping it."""

    def read(self, size: int | None = 4096) -> bytes:
        """Return size bytes, fewer at the end of the body, or the rest if size is None or -1. b"" at the end."""

    def readinto(self, buf: _WritableBuffer, size: int = 0) -> int:
        """Read into buf, at most size bytes if size is above 0. Return the number of bytes."""

    def readline(self, size: int = -1, /) -> bytes: ...
    def readlines(self) -> list[bytes]: ...
    def save(self, fn: str, buf: _WritableBuffer | None = None, chunk_size: int = 0) -> int:
        """Write the body to the file named fn. Return the number of bytes."""

    def saveinto(self, fobj: _Writable, buf: _WritableBuffer | None = None, chunk_size: int = 0) -> int:
        """Write the body to an open file or stream. Return the number of bytes."""

    def saveto(self, fobj: _Writable, buf: _WritableBuffer | None = None, chunk_size: int = 0) -> int:
        """The same as saveinto()."""

    def iter_content(self, chunk_size: int = 512) -> Iterator[bytes]:
        """Iterate over the body in pieces of chunk_size bytes."""

    def iter_lines(self) -> Iterator[bytes]:
        """Iterate over the lines of the body, without line ends."""

    def raise_for_status(self) -> None:
        """Raise OSError if status_code is 400 or more."""

    def close(self) -> None:
        """Close the connection. Can be repeated."""

    def add_header(self, line: bytes, /) -> None:
        """Append a field line to headers. Override it to receive every field line of the head."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        tb: TracebackType | None,
        /,
    ) -> None: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> bytes: ...

    # Used by scripts for the pure-Python library.
    @property
    def _sock(self) -> Any: ...
    @property
    def _sf(self) -> Self: ...
    @property
    def _cached(self) -> bytes | None: ...
    @property
    def _content_size(self) -> int: ...
    @property
    def _chunk_size(self) -> int: ...
    def _parse_header(self, line: bytes, /) -> None: ...

class _Headers(list[bytes]):
    """The field lines of a response. Lookup by name ignores case."""

    @overload  # type: ignore[override]
    def __getitem__(self, name: _Text, /) -> bytes: ...
    @overload
    def __getitem__(self, index: int, /) -> bytes: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[bytes]: ...
    def __contains__(self, name: object, /) -> bool: ...
    @overload
    def get(self, name: _Text, /) -> bytes | None: ...
    @overload
    def get(self, name: _Text, default: _T, /) -> bytes | _T: ...
    def get_all(self, name: _Text, /) -> list[bytes]:
        """The values of all fields of that name."""

    def items(self) -> list[tuple[bytes, bytes]]:
        """Name and value of each field; repeated fields are joined, except Set-Cookie."""

class RequestContext:
    """The target of a request; follows redirects."""

    def __init__(self, url: _Text, method: _Text | None = None) -> None: ...
    @property
    def scheme(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def path(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def redirect(self) -> bool:
        """Whether the last set_location() changed the target."""

    def set_location(self, status: int, location: _Text, /) -> None:
        """Change the target if this redirect is followed."""

class TLSContext:
    """Configuration of TLS 1.3 connections: trust, cipher suite, client certificate, buffer sizes."""

    CERT_NONE: int
    CERT_REQUIRED: int
    verify_mode: int

    def __init__(self, *, record_size: int = 16384, write_size: int = 1024) -> None: ...
    def load_verify_locations(self, cadata: _Text | None = None, cafile: str | None = None) -> None:
        """Add trust anchors: certificates in PEM or DER."""

    def load_pin(self, pin: _Text, /) -> None:
        """Add a pin: sha256: and the digest of a public key, in hex digits or base64."""

    def load_cert_chain(self, certfile: _Text, keyfile: _Text, /) -> None:
        """Set a client certificate (P-256) for servers that request one: file names, PEM or DER."""

    def get_ciphers(self) -> list[str]:
        """The cipher suites in the firmware."""

    def set_ciphers(self, names: Sequence[str], /) -> None:
        """Offer the first of names that is in the firmware."""

    def wrap_socket(self, sock: Any, *, server_hostname: str | None = None) -> _TLSSocket:
        """Perform the handshake over a connected stream."""

class _TLSSocket:
    """A TLS connection: a stream."""

    def read(self, size: int = -1, /) -> bytes | None: ...
    def readinto(self, buf: _WritableBuffer, size: int = ..., /) -> int | None: ...
    def readline(self, size: int = -1, /) -> bytes | None: ...
    def write(self, buf: _Buffer, size: int = ..., /) -> int | None: ...
    def close(self) -> None: ...
    def cipher(self) -> tuple[str, str]:
        """The cipher suite and the version."""

    # Methods of the underlying socket, if it has them.
    def fileno(self) -> int: ...
    def setblocking(self, flag: bool, /) -> None: ...
    def setsockopt(self, level: int, option: int, value: Any, /) -> None: ...
    def settimeout(self, timeout: float | None, /) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        tb: TracebackType | None,
        /,
    ) -> None: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> bytes: ...

def set_ca(ca: _Text | None, /) -> None:
    """Set the trust anchors, or the pin, of all later calls. None removes them."""

def parse_url(url: _Text, /) -> tuple[str | None, str | None, int | None, str]:
    """Split a URL into scheme, host, port and path."""

def encode_basic_auth(user: _Text, password: _Text, /) -> dict[bytes, bytes]:
    """Return the Authorization field of basic authentication."""

# The result has the type of response_class if that is given by keyword.
@overload
def request(
    method: _Text,
    url: _Text,
    data: _Data | None = None,
    json: Any = None,
    headers: _Fields | None = {},
    auth: _Auth | None = None,
    encoding: str | None = None,
    *,
    response_class: Callable[..., _R],
    **kw: Unpack[_Late],
) -> _R: ...
@overload
def request(
    method: _Text,
    url: _Text,
    data: _Data | None = None,
    json: Any = None,
    headers: _Fields | None = {},
    auth: _Auth | None = None,
    encoding: str | None = None,
    response_class: Callable[..., Response] = ...,
    save_headers: bool = False,
    max_redirects: int = 1,
    timeout: _Timeout | None = None,
    ssl_context: _SSLContext | None = None,
    *,
    params: _Text | _Form | None = None,
    allow_redirects: bool = True,
    deadline: float | None = None,
    verify: bool | _Text | None = None,
    cert: tuple[_Text, _Text] | None = None,
) -> Response:
    """Send a request and return its response once the head has arrived."""

@overload
def head(url: _Text, **kw: Unpack[_Keywords]) -> Response: ...
@overload
def head(url: _Text, *, response_class: Callable[..., _R], **kw: Unpack[_Keywords]) -> _R: ...
@overload
def get(url: _Text, **kw: Unpack[_Keywords]) -> Response: ...
@overload
def get(url: _Text, *, response_class: Callable[..., _R], **kw: Unpack[_Keywords]) -> _R: ...
@overload
def post(url: _Text, **kw: Unpack[_Keywords]) -> Response: ...
@overload
def post(url: _Text, *, response_class: Callable[..., _R], **kw: Unpack[_Keywords]) -> _R: ...
@overload
def put(url: _Text, **kw: Unpack[_Keywords]) -> Response: ...
@overload
def put(url: _Text, *, response_class: Callable[..., _R], **kw: Unpack[_Keywords]) -> _R: ...
@overload
def patch(url: _Text, **kw: Unpack[_Keywords]) -> Response: ...
@overload
def patch(url: _Text, *, response_class: Callable[..., _R], **kw: Unpack[_Keywords]) -> _R: ...
@overload
def delete(url: _Text, **kw: Unpack[_Keywords]) -> Response: ...
@overload
def delete(url: _Text, *, response_class: Callable[..., _R], **kw: Unpack[_Keywords]) -> _R: ...
@overload
def options(url: _Text, **kw: Unpack[_Keywords]) -> Response: ...
@overload
def options(url: _Text, *, response_class: Callable[..., _R], **kw: Unpack[_Keywords]) -> _R: ...
