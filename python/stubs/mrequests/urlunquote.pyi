"""Percent-decoding."""

from typing import Union

from . import _Text

def unquote(string: _Text, encoding: str = "utf-8", errors: Union[str, None] = None) -> str:
    """Decode every %XX. A '+' stays."""
