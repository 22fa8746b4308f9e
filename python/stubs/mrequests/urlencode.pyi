"""Percent-encoding and forms."""

from . import _Buffer, _Form, _Text

def quote(
    string: str | _Buffer,
    safe: _Text = "/",
    encoding: str | None = None,
    errors: str | None = None,
) -> str:
    """Percent-encode all but letters, digits, -._~ and the characters in safe."""

def quote_plus(
    string: str | _Buffer,
    safe: _Text = "",
    encoding: str | None = None,
    errors: str | None = None,
) -> str:
    """Like quote(), with '+' for a space."""

def quote_from_bytes(bs: _Buffer, safe: _Text = "/") -> str:
    """Like quote(), for bytes."""

def urlencode(
    query: _Form,
    doseq: bool = False,
    safe: _Text = "",
    encoding: str | None = None,
    errors: str | None = None,
) -> str:
    """Encode a form. With doseq a sequence among the values gives one pair for each member."""

def clear_cache() -> None:
    """Do nothing: there is no cache. Exists for scripts that call it."""
