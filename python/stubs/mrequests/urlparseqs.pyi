"""Parsing of queries and forms."""

from typing import overload

from . import _Text

@overload
def parse_qsl(
    qs: str,
    keep_blank_values: bool = False,
    strict_parsing: bool = False,
    encoding: str = "utf-8",
    errors: str | None = None,
    max_num_fields: int | None = None,
    separator: _Text = "&",
) -> list[tuple[str, str]]:
    """Parse into a list of pairs."""

@overload
def parse_qsl(
    qs: bytes,
    keep_blank_values: bool = False,
    strict_parsing: bool = False,
    encoding: str = "utf-8",
    errors: str | None = None,
    max_num_fields: int | None = None,
    separator: _Text = "&",
) -> list[tuple[bytes, bytes]]: ...
@overload
def parse_qs(
    qs: str,
    keep_blank_values: bool = False,
    strict_parsing: bool = False,
    encoding: str = "utf-8",
    errors: str | None = None,
    max_num_fields: int | None = None,
    separator: _Text = "&",
) -> dict[str, list[str]]:
    """Parse into a dict of lists."""

@overload
def parse_qs(
    qs: bytes,
    keep_blank_values: bool = False,
    strict_parsing: bool = False,
    encoding: str = "utf-8",
    errors: str | None = None,
    max_num_fields: int | None = None,
    separator: _Text = "&",
) -> dict[bytes, list[bytes]]: ...
