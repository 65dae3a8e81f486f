"""The lists as plain tables, a row a dict of cells: what leaves as CSV and JSON.

What is in a list is asked by `views`; here its rows are flattened, and ids get their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import asdict, replace

from dragoman.desk.asked import Asked
from dragoman.desk.views import list_articles, list_claims, list_names, list_said
from dragoman.keep.rows import NameRow, SourceRow
from dragoman.keep.store import Store
from dragoman.record import Record

Table = Iterator[dict[str, object]]


def tell_articles(store: Store, asked: Asked, limit: int) -> Table:
    """The articles of a list, a row each."""
    rows, _ = list_articles(store, asked, limit=limit)
    return (_flatten(row) for row in rows)


def tell_names(store: Store, asked: Asked, limit: int) -> Table:
    """The names of a list, a row each."""
    rows, _ = list_names(store, asked, limit=limit)
    return (_flatten(row) for row in rows)


def tell_said(store: Store, asked: Asked, limit: int) -> Table:
    """The quotations of a list, a row each, with the names of who speaks and is spoken to."""
    rows, _, names = list_said(store, replace(asked, page=1), limit=limit)
    for row in rows:
        told = {"speaker": [_name(names, i) for i in row.speakers], "spoken_to": _name(names, row.to)}
        yield _flatten(row) | {name: _join(value) for name, value in told.items()}


def tell_claims(store: Store, asked: Asked, limit: int) -> Table:
    """The claims of a list, a row each, with the names of who claims and what they are about."""
    rows, _, names = list_claims(store, replace(asked, page=1), limit=limit)
    for row in rows:
        told = {"claimed_by": _name(names, row.by), "claimed_about": [_name(names, i) for i in row.about]}
        yield _flatten(row) | {name: _join(value) for name, value in told.items()}


def _flatten(row: Record) -> dict[str, object]:
    """The fields of a row; those of its article under `article_`."""
    flat: dict[str, object] = {}
    for name, value in asdict(row).items():
        if isinstance(value, SourceRow):
            flat |= {f"article_{field}": inner for field, inner in asdict(value).items()}
        else:
            flat[name] = _join(value)
    return flat


def _join(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, tuple | list) else value


def _name(names: Mapping[str, NameRow], id_: str | None) -> str | None:
    return names[id_].name if id_ and id_ in names else id_


TABLES: Mapping[str, Callable[[Store, Asked, int], Table]] = {
    "articles": tell_articles,
    "entities": tell_names,
    "said": tell_said,
    "claims": tell_claims,
}
