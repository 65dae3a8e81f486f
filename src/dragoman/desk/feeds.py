"""Addresses that other programs ask again and again: a feed of what is new, a calendar of what is planned.

Both take the query string of the lists, so that any list can be subscribed to.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from msgspec.structs import replace
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from dragoman.desk import views
from dragoman.desk.asked import read_asked
from dragoman.desk.leaving import making_file, remove
from dragoman.desk.pages import opened
from dragoman.desk.render import name_fields, name_source
from dragoman.gather import Filters, export
from dragoman.show.draw import clean
from dragoman.show.wording import title_attested

router = APIRouter()
ATOM, CALENDAR = "application/atom+xml; charset=utf-8", "text/calendar; charset=utf-8"
MOST_ENTRIES = 50  # of the feed, the latest
MOST_DAYS = 500  # entries of the calendar, the latest days first


@router.get("/feed.atom")
def give_feed(request: Request) -> Response:
    """The engagements that were reported last, new ones and those another report tells of, as Atom."""
    asked = read_asked(request.query_params)
    home = str(request.base_url).rstrip("/")
    with opened(request) as store:
        changes = views.list_changes(store, asked, limit=MOST_ENTRIES)
    body = "".join(_write_feed(changes, home, f"{home}/feed.atom{asked.link()}".rstrip("?")))
    return Response(body, media_type=ATOM)


def _write_feed(changes: tuple[views.Change, ...], home: str, address: str) -> Iterator[str]:
    updated = max((change.at for change in changes), default="1970-01-01T00:00:00+00:00")
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"<title>Dragoman: engagements</title>\n<id>{clean(address)}</id>\n<updated>{updated}</updated>\n"
    yield f'<link rel="self" href="{clean(address)}"/>\n<link href="{clean(home)}/engagements"/>\n'
    for change in changes:
        yield from _write_entry(change, home)
    yield "</feed>\n"


def _write_entry(change: views.Change, home: str) -> Iterator[str]:
    fact = change.fact
    title = f"{title_attested(fact, change.names)}: {fact.kind}, {fact.status}"
    if change.n_reports > 1:
        title += f" ({change.n_reports} reports)"
    yield f"<entry>\n<id>urn:dragoman:{clean(fact.id)}</id>\n<title>{clean(title)}</title>\n"
    yield f'<updated>{change.at}</updated>\n<link href="{clean(f"{home}/g/{fact.id}")}"/>\n'
    yield f"<author><name>{clean(change.source.publisher or 'source not stated')}</name></author>\n"
    yield f'<category term="{fact.kind}"/>\n<summary>{clean(_tell(change))}</summary>\n</entry>\n'


def _tell(change: views.Change) -> str:
    """The words of the latest report, its source, and where the reports differ."""
    words = change.words
    told = f"“{words.before}{words.words}{words.after}” – " if words else ""
    differing = f"; reports differ: {name_fields(change.differing)}" if change.differing else ""
    return f"{told}{name_source(change.source)}{differing}"


@router.get("/calendar.ics")
def give_calendar(request: Request) -> Response:
    """The engagements of a list as a calendar to subscribe to; without any filter what is planned."""
    asked = read_asked(request.query_params)
    asked = asked if asked.is_filtered else replace(asked, status="planned")
    with opened(request) as store:
        ids = views.list_ids(store, asked, limit=MOST_DAYS)
        with making_file("calendar.ics") as path:
            export(store, "ics", path, Filters(engagements=ids))
    return FileResponse(path, media_type=CALENDAR, background=BackgroundTask(remove, path))
