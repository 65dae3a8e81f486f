"""Every error Dragoman raises on purpose, divided by what the caller can do about it.

A message is one line: what is wrong, where, and what to do. Nothing else lives here.
"""


class DragomanError(Exception):
    """Any error a caller may want to catch."""


class AcquireError(DragomanError):
    """The source gave no Document; `source` says which one."""

    def __init__(self, message: str, *, source: str = "") -> None:
        super().__init__(message)
        self.source = source


class FetchError(AcquireError):
    """The address could not be fetched: refused, unreachable, too large or too slow."""


class FormatError(AcquireError):
    """The bytes are not what they claim to be, or no format Dragoman reads."""


class EmptyDocumentError(AcquireError):
    """The source holds no text to read."""


class RecordError(DragomanError):
    """A record breaks its own rules, for instance words that are not the words of the document."""


class StoreError(DragomanError):
    """The store cannot be opened, written or understood."""


class NotFoundError(StoreError):
    """The store holds nothing by that name or id."""


class ConfigError(DragomanError):
    """A setting, lexicon or weights file is wrong; `path` and `line` say where."""

    def __init__(self, message: str, *, path: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
