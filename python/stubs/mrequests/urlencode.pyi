"""Percent-encoding, and forms."""

from typing import Union

from . import _Buffer, _Form, _Text

def quote(
    string: Union[str, _Buffer],
    safe: _Text = "/",
    encoding: Union[str, None] = None,
    errors: Union[str, None] = None,
) -> str:
    """Percent-encode what may not stand in a path, and is not in safe."""

def quote_plus(
    string: Union[str, _Buffer],
    safe: _Text = "",
    encoding: Union[str, None] = None,
    errors: Union[str, None] = None,
) -> str:
    """Like quote(), but with '+' for a space."""

def quote_from_bytes(bs: _Buffer, safe: _Text = "/") -> str:
    """Like quote(), for bytes."""

def urlencode(
    query: _Form,
    doseq: bool = False,
    safe: _Text = "",
    encoding: Union[str, None] = None,
    errors: Union[str, None] = None,
) -> str:
    """Encode a form. With doseq, a list among the values gives a pair for each of its members."""

def clear_cache() -> None:
    """Does nothing: there is no cache. For scripts that call it."""
