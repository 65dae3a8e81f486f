"""Dragoman reads the news and keeps a sourced record of diplomatic engagement.

`read_text` gives what a text says as a `Reading`; `Store` keeps readings and finds them again; `export`
writes them in the formats of other tools. Names below are loaded when they are first used, so that
importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dragoman.errors import AcquireError as AcquireError
    from dragoman.errors import DragomanError as DragomanError
    from dragoman.errors import RecordError as RecordError
    from dragoman.errors import StoreError as StoreError
    from dragoman.gather import Filters as Filters
    from dragoman.gather import State as State
    from dragoman.gather import export as export
    from dragoman.give.contents import Written as Written
    from dragoman.keep.store import Store as Store
    from dragoman.pipeline import Outcome as Outcome
    from dragoman.pipeline import read_sources as read_sources
    from dragoman.pipeline import read_text as read_text
    from dragoman.pipeline import redate_article as redate_article
    from dragoman.pipeline import reread as reread
    from dragoman.receive import Received as Received
    from dragoman.receive import import_files as import_files
    from dragoman.record import Document as Document
    from dragoman.record import Engagement as Engagement
    from dragoman.record import Quotation as Quotation
    from dragoman.record import Reading as Reading
    from dragoman.record import decode_reading as decode_reading
    from dragoman.record import encode_reading as encode_reading

_HOMES = {
    "errors": ("AcquireError", "DragomanError", "RecordError", "StoreError"),
    "gather": ("Filters", "State", "export"),
    "give.contents": ("Written",),
    "keep.store": ("Store",),
    "pipeline": ("Outcome", "read_sources", "read_text", "redate_article", "reread"),
    "receive": ("Received", "import_files"),
    "record": ("Document", "Engagement", "Quotation", "Reading", "decode_reading", "encode_reading"),
}


def __getattr__(name: str) -> Any:
    """The public object of that name, from the module that defines it."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"dragoman.{home}"), name)
    raise AttributeError(f"module 'dragoman' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names."""
    return sorted(name for names in _HOMES.values() for name in names)
