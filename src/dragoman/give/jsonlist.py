"""A JSON object whose last field is a long list, written one entry a line as the entries come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import BinaryIO

import msgspec


def write_list(out: BinaryIO, head: Mapping[str, object], name: str, items: Iterable[object]) -> int:
    """Write the object of `head` with the list `name` in it; the number of its entries comes back.

    >>> from io import BytesIO
    >>> out = BytesIO(); write_list(out, {"type": "T"}, "items", [1, {"a": None}])
    2
    >>> msgspec.json.decode(out.getvalue())
    {'type': 'T', 'items': [1, {'a': None}]}
    """
    start = msgspec.json.encode(head)[:-1]
    out.write(start + (b"," if head else b"") + msgspec.json.encode(name) + b":[")
    n_items = 0
    for n_items, item in enumerate(items, start=1):
        out.write((b",\n" if n_items > 1 else b"\n") + msgspec.json.encode(item))
    out.write(b"\n]}\n")
    return n_items


def drop_empty(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields that say something; None, empty words and empty lists go."""
    return {key: value for key, value in fields.items() if value not in (None, "", [], (), {})}
