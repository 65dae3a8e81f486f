"""What leaves the desk: the list or picture on the screen as a file, under the same query string.

A list leaves as CSV or JSON, row by row as it is shown; engagements and all they rest on in every format of
`give`. Nothing is decided here about what is in a format.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from dragoman.desk import pictures, tables, views
from dragoman.desk.asked import Asked, read_asked
from dragoman.desk.pages import opened
from dragoman.gather import Filters, export
from dragoman.give.formats import find_format
from dragoman.give.tables import write_cells
from dragoman.keep.ledger import Wanted
from dragoman.keep.store import Store
from dragoman.show.draw import wrap_standalone
from dragoman.show.ledger import COLUMNS, Whose, build_ledger
from dragoman.show.report import render_report

router = APIRouter()
MOST_EXPORTED = 2000  # engagements a format is written of while somebody waits
MOST_ROWS = 20_000  # of a list of names, articles, words
TOO_MANY = (
    "These are {n:,} engagements, and a file of more than {most:,} takes longer than a page should. "
    "Narrow the list, or write it from a terminal: dragoman export {name}"
)
DRAWN: dict[str, tuple[Callable[..., dict[str, Any]], int]] = {
    "timeline": (pictures.draw_times, pictures.MOST_BARS),
    "network": (pictures.draw_links, pictures.MOST_FACTS),
    "map": (pictures.draw_places, pictures.MOST_SPOTS),
    "ladder": (pictures.draw_rungs, views.SHOWN_RUNGS),
}


@router.get("/export/{name}")
def give_export(request: Request, name: str) -> Response:
    """The engagements of a list, or one article, in a format of `give`."""
    entry, params = find_format(name), request.query_params
    with opened(request) as store:
        filters = choose(store, params.get("doc", ""), params.get("fact", ""), read_asked(params), name)
        with making_file(f"dragoman{entry.suffix}") as path:
            export(store, name, path, filters)
    return send_file(path, f"dragoman-{name}{entry.suffix}", entry.media_type)


def choose(store: Store, document: str, fact: str, asked: Asked, name: str) -> Filters:
    """What a format is written of; 413 for more engagements than a page may wait for."""
    if document:
        return Filters(articles=(document,))
    if fact:
        return Filters(engagements=(store.attested(fact).id,))
    wanted = views.make_wanted(store, asked)
    n = store.count_attested(wanted)
    if n > MOST_EXPORTED:
        raise HTTPException(413, TOO_MANY.format(n=n, most=MOST_EXPORTED, name=name))
    return Filters(engagements=tuple(row.id for row in store.iter_attested(wanted)))


@router.get("/a/{ref}/report.html")
def give_report(request: Request, ref: str) -> Response:
    """One article with its record as one file that asks for nothing."""
    with opened(request) as store:
        reading = store.reading(store.resolve_article(ref))
    return send(render_report(reading).encode(), f"{reading.document.id}.html", "text/html")


@router.get("/engagements.csv")
def give_ledger(request: Request) -> Response:
    """The list of engagements as the ledger writes it."""
    asked = read_asked(request.query_params)
    with opened(request) as store, making_file("engagements.csv") as path:
        wanted = views.make_wanted(store, asked)
        rows = build_ledger(store.iter_attested(wanted), find_whose(wanted), tell=store.attested)
        with path.open("wb") as out:
            write_cells(out, COLUMNS, map(astuple, rows))
    return send_file(path, "dragoman-engagements.csv", "text/csv")


def find_whose(wanted: Wanted) -> Whose:
    """Who stands on the left of a list: the one it is about, where that is one."""
    ids = wanted.identity
    if not isinstance(ids, tuple) or len(ids) != 1:
        return Whose()
    one = ids[0]
    return Whose(state=one) if len(one) == 2 else Whose(identity=one)


@router.get("/engagements.json")
def give_engagements(request: Request) -> Response:
    """The list of engagements as JSON, one object each."""
    with opened(request) as store, making_file("engagements.json") as path, path.open("wb") as out:
        write_json(store.iter_attested(views.make_wanted(store, read_asked(request.query_params))), out)
    return send_file(path, "dragoman-engagements.json", "application/json")


@router.get("/{name}.{suffix}")
def give_list(request: Request, name: str, suffix: str) -> Response:
    """Another list as CSV or JSON, or a picture as SVG."""
    asked = read_asked(request.query_params)
    if suffix == "svg" and name in DRAWN:
        return give_picture(request, name, asked)
    if suffix not in ("csv", "json") or name not in tables.TABLES:
        raise HTTPException(404, f"The desk has no page {request.url.path!r}.")
    with opened(request) as store, making_file(f"{name}.{suffix}") as path:
        rows = tables.TABLES[name](store, asked, MOST_ROWS)
        with path.open("wb") as out:
            (write_json if suffix == "json" else write_table)(rows, out)
    return send_file(path, f"dragoman-{name}.{suffix}", {"csv": "text/csv"}.get(suffix, "application/json"))


def give_picture(request: Request, name: str, asked: Asked) -> Response:
    """A picture with its styles, to be opened anywhere."""
    draw, most = DRAWN[name]
    with opened(request) as store:
        listing = views.list_facts(store, asked, limit=most, order="oldest")
    drawn = draw(listing)
    if listing.total > most or name not in drawn:
        reason = f"Up to {most} engagements can be drawn, these are {listing.total:,}. Narrow the list first."
        raise HTTPException(413 if listing.total > most else 404, reason)
    return send(wrap_standalone(str(drawn[name])).encode(), f"dragoman-{name}.svg", "image/svg+xml")


# Files -------------------------------------------------------------------------------------------


def write_json(rows: Iterator[Any], out: BinaryIO) -> None:
    """Rows as one JSON list, a line each."""
    out.write(b"[")
    for number, row in enumerate(rows):
        out.write((b",\n" if number else b"\n") + msgspec.json.encode(row))
    out.write(b"\n]\n")


def write_table(rows: Iterator[dict[str, Any]], out: BinaryIO) -> None:
    """Rows as CSV, their names first; an empty list gives an empty file."""
    first = next(rows, None)
    if first is not None:
        write_cells(out, list(first), (tuple(row.values()) for row in chain([first], rows)))


@contextmanager
def making_file(name: str) -> Iterator[Path]:
    """A path in a folder of its own, which goes where the block fails; else the answer removes it."""
    folder = Path(tempfile.mkdtemp(prefix="dragoman-"))
    path = folder / name
    try:
        yield path
    except BaseException:
        remove(path)
        raise


def remove(path: Path) -> None:
    """Take a file away with its folder."""
    path.unlink(missing_ok=True)
    path.parent.rmdir()


def send_file(path: Path, name: str, media_type: str) -> Response:
    """The file as a download; it is gone afterwards."""
    return FileResponse(path, filename=name, media_type=media_type, background=BackgroundTask(remove, path))


def send(body: bytes, name: str, media_type: str) -> Response:
    """Bytes as a download."""
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=media_type, headers=disposition)
