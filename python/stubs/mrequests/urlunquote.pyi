"""Percent-decoding."""

from . import _Text

def unquote(string: _Text, encoding: str = "utf-8", errors: str | None = None) -> str:
    """Decode every %XX. A '+' stays."""
