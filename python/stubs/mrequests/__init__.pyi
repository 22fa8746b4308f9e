"""An HTTP client for MicroPython, built into the firmware."""

import socket as socket
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, TypedDict, TypeVar, Union, overload
from typing_extensions import NotRequired, Self, TypeAlias, Unpack

import mrequests as mrequests

from . import urlencode as urlencode, urlparseqs as urlparseqs, urlunquote as urlunquote

_T = TypeVar("_T")
_R = TypeVar("_R", bound="Response")

_Text: TypeAlias = Union[str, bytes]
_WritableBuffer: TypeAlias = Union[bytearray, memoryview, array[Any]]
_Buffer: TypeAlias = Union[bytes, _WritableBuffer]

# A Mapping is invariant in its key, so each kind of key needs a member of its own.
_Map: TypeAlias = Union[Mapping[str, _T], Mapping[bytes, _T], Mapping[_Text, _T]]
_Pairs: TypeAlias = Sequence[tuple[_Text, _T]]
_Form: TypeAlias = Union[_Map[object], _Pairs[object]]

_FieldValue: TypeAlias = Union[str, bytes, int, None]
_Fields: TypeAlias = Union[_Map[_FieldValue], _Pairs[_FieldValue]]
_Credentials: TypeAlias = tuple[_Text, _Text]
_Auth: TypeAlias = Union[
    _Credentials, _Map[_FieldValue], Callable[[], Union[_Credentials, _Map[_FieldValue], None]]
]
_Timeout: TypeAlias = Union[float, tuple[Union[float, None], Union[float, None]]]

class _Readable(Protocol):
    def read(self, size: int = ..., /) -> _Buffer: ...

class _Writable(Protocol):
    def write(self, data: Any, /) -> Any: ...

class _SSLContext(Protocol):
    def wrap_socket(self, sock: Any, /, *, server_hostname: str) -> Any: ...

_Data: TypeAlias = Union[str, _Buffer, _Form, _Readable, Iterator[Union[str, _Buffer]]]

class _Late(TypedDict):
    save_headers: NotRequired[bool]
    max_redirects: NotRequired[int]
    timeout: NotRequired[Union[_Timeout, None]]
    ssl_context: NotRequired[Union[_SSLContext, None]]
    params: NotRequired[Union[_Text, _Form, None]]
    allow_redirects: NotRequired[bool]
    deadline: NotRequired[Union[float, None]]
    verify: NotRequired[Union[bool, _Text, None]]
    cert: NotRequired[Union[tuple[_Text, _Text], None]]

class _Keywords(_Late):
    data: NotRequired[Union[_Data, None]]
    json: NotRequired[Any]
    headers: NotRequired[Union[_Fields, None]]
    auth: NotRequired[Union[_Auth, None]]
    encoding: NotRequired[Union[str, None]]

MAX_READ_SIZE: int

class Response:
    """The answer to a request, its body a stream."""

    status_code: int
    reason: bytes
    headers: Union[_Headers, None]
    encoding: str
    url: str

    def __init__(self, sock: Any, sockfile: Any, save_headers: bool = False) -> None: ...
    @property
    def ok(self) -> bool:
        """Whether status_code is below 400."""

    @property
    def history(self) -> list[tuple[int, str]]:
        """Status and URL of each redirect that was followed."""

    @property
    def chunked(self) -> bool: ...
    @property
    def charset(self) -> str:
        """The charset that Content-Type names, else utf-8."""

    @property
    def content_length(self) -> Union[int, None]:
        """What Content-Length says."""

    @property
    def content(self) -> bytes:
        """The whole body, kept for later use."""

    @property
    def text(self) -> str:
        """The whole body, decoded with charset."""

    def json(self) -> Any:
        """Parse the body, straight from the connection."""

    def read(self, size: Union[int, None] = 4096) -> bytes:
        """Read up to size bytes, or the rest if size is None or -1. b"" at the end."""

    def readinto(self, buf: _WritableBuffer, size: int = 0) -> int:
        """Read into buf, at most size bytes if size is given. Returns their number."""

    def readline(self, size: int = -1, /) -> bytes: ...
    def readlines(self) -> list[bytes]: ...
    def save(self, fn: str, buf: Union[_WritableBuffer, None] = None, chunk_size: int = 0) -> int:
        """Write the body to the file named fn. Returns the number of bytes."""

    def saveinto(self, fobj: _Writable, buf: Union[_WritableBuffer, None] = None, chunk_size: int = 0) -> int:
        """Write the body to an open file. Returns the number of bytes."""

    def saveto(self, fobj: _Writable, buf: Union[_WritableBuffer, None] = None, chunk_size: int = 0) -> int:
        """Another name for saveinto()."""

    def iter_content(self, chunk_size: int = 512) -> Iterator[bytes]:
        """Give the body in pieces of chunk_size bytes."""

    def iter_lines(self) -> Iterator[bytes]:
        """Give the body line by line, without line ends."""

    def raise_for_status(self) -> None:
        """Raise OSError if status_code is 400 or more."""

    def close(self) -> None:
        """Close the connection. May be repeated."""

    def add_header(self, line: bytes, /) -> None:
        """Called for every field line of the head. Override it to see them."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: Union[type[BaseException], None],
        exc: Union[BaseException, None],
        tb: Union[TracebackType, None],
        /,
    ) -> None: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> bytes: ...

    # What scripts for the pure-Python library use.
    @property
    def _sock(self) -> Any: ...
    @property
    def _sf(self) -> Self: ...
    @property
    def _cached(self) -> Union[bytes, None]: ...
    @property
    def _content_size(self) -> int: ...
    @property
    def _chunk_size(self) -> int: ...
    def _parse_header(self, line: bytes, /) -> None: ...

class _Headers(list[bytes]):
    """The field lines of a response. Names are looked up without regard to case."""

    @overload  # type: ignore[override]
    def __getitem__(self, name: _Text, /) -> bytes: ...
    @overload
    def __getitem__(self, index: int, /) -> bytes: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[bytes]: ...
    def __contains__(self, name: object, /) -> bool: ...
    @overload
    def get(self, name: _Text, /) -> Union[bytes, None]: ...
    @overload
    def get(self, name: _Text, default: _T, /) -> Union[bytes, _T]: ...
    def get_all(self, name: _Text, /) -> list[bytes]:
        """Every value of that name."""

    def items(self) -> list[tuple[bytes, bytes]]:
        """Name and value of every line."""

class RequestContext:
    """Where a request goes, and where a redirect sends it."""

    def __init__(self, url: _Text, method: Union[_Text, None] = None) -> None: ...
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
        """Whether the last set_location() was a redirect to follow."""

    def set_location(self, status: int, location: _Text, /) -> None:
        """Apply a redirect, if it is one to follow."""

class TLSContext:
    """What TLS 1.3 connections are made with: whom to trust, what to offer, how much memory to take."""

    CERT_NONE: int
    CERT_REQUIRED: int
    verify_mode: int

    def __init__(self, *, record_size: int = 16384, write_size: int = 1024) -> None: ...
    def load_verify_locations(self, cadata: Union[_Text, None] = None, cafile: Union[str, None] = None) -> None:
        """Trust the authorities in these certificates, in PEM or DER."""

    def load_pin(self, pin: _Text, /) -> None:
        """Trust a key: sha256: with hex digits or base64 of its digest."""

    def load_cert_chain(self, certfile: _Text, keyfile: _Text, /) -> None:
        """Present this certificate (P-256) to servers that ask for one. File names, PEM or DER."""

    def get_ciphers(self) -> list[str]:
        """The cipher suites of this firmware."""

    def set_ciphers(self, names: Sequence[str], /) -> None:
        """Offer the first of these that is in this firmware."""

    def wrap_socket(self, sock: Any, *, server_hostname: Union[str, None] = None) -> _TLSSocket:
        """Do the handshake over a connected stream."""

class _TLSSocket:
    """A TLS connection: a stream."""

    def read(self, size: int = -1, /) -> Union[bytes, None]: ...
    def readinto(self, buf: _WritableBuffer, size: int = ..., /) -> Union[int, None]: ...
    def readline(self, size: int = -1, /) -> Union[bytes, None]: ...
    def write(self, buf: _Buffer, size: int = ..., /) -> Union[int, None]: ...
    def close(self) -> None: ...
    def cipher(self) -> tuple[str, str]:
        """The cipher suite and the version."""

    # Those of the socket below, where it has them.
    def fileno(self) -> int: ...
    def setblocking(self, flag: bool, /) -> None: ...
    def setsockopt(self, level: int, option: int, value: Any, /) -> None: ...
    def settimeout(self, timeout: Union[float, None], /) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: Union[type[BaseException], None],
        exc: Union[BaseException, None],
        tb: Union[TracebackType, None],
        /,
    ) -> None: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> bytes: ...

def set_ca(ca: Union[_Text, None], /) -> None:
    """Trust these authorities, or this pin, in all later calls that do not say otherwise."""

def parse_url(url: _Text, /) -> tuple[Union[str, None], Union[str, None], Union[int, None], str]:
    """Split a URL into scheme, host, port and path."""

def encode_basic_auth(user: _Text, password: _Text, /) -> dict[bytes, bytes]:
    """Make the Authorization field of basic authentication."""

# A response_class given by name decides what is returned.
@overload
def request(
    method: _Text,
    url: _Text,
    data: Union[_Data, None] = None,
    json: Any = None,
    headers: Union[_Fields, None] = {},
    auth: Union[_Auth, None] = None,
    encoding: Union[str, None] = None,
    *,
    response_class: Callable[..., _R],
    **kw: Unpack[_Late],
) -> _R: ...
@overload
def request(
    method: _Text,
    url: _Text,
    data: Union[_Data, None] = None,
    json: Any = None,
    headers: Union[_Fields, None] = {},
    auth: Union[_Auth, None] = None,
    encoding: Union[str, None] = None,
    response_class: Callable[..., Response] = ...,
    save_headers: bool = False,
    max_redirects: int = 1,
    timeout: Union[_Timeout, None] = None,
    ssl_context: Union[_SSLContext, None] = None,
    *,
    params: Union[_Text, _Form, None] = None,
    allow_redirects: bool = True,
    deadline: Union[float, None] = None,
    verify: Union[bool, _Text, None] = None,
    cert: Union[tuple[_Text, _Text], None] = None,
) -> Response:
    """Send a request and return its response, once the head of that is there."""

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
