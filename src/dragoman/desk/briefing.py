"""Pages that put together: a brief on somebody, two beside each other, what is counted differently."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dragoman.desk import briefs, pictures, views
from dragoman.desk.asked import read_asked
from dragoman.desk.leaving import send
from dragoman.desk.pages import move_to, opened
from dragoman.desk.render import load_templates, render
from dragoman.keep import lists
from dragoman.keep.store import Store
from dragoman.show.report import get_link, make_digest, read_template
from dragoman.text import fold_name

router = APIRouter()
STYLE = files("dragoman").joinpath("desk", "static", "brief.css")
POLICY = "default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'"


@router.get("/e/{entity_id}/brief")
def show_brief(request: Request, entity_id: str) -> Response:
    """A brief on somebody, with its sources; `save` gives it as one file."""
    asked, today = read_asked(request.query_params), request.app.state.today()
    with opened(request) as store:
        brief = briefs.get_brief(store, entity_id, asked.with_, today=today)
    if brief.identity.id != entity_id:
        return move_to(f"/e/{brief.identity.id}/brief{asked.link()}".rstrip("?"))
    numbers = {source.id: number for number, source in enumerate(brief.sources, 1)}
    links = {id_: link for id_, url in brief.links.items() if (link := get_link(url))}
    known = {"brief": brief, "numbers": numbers, "links": links, "today": today, "asked": asked}
    if "save" not in request.query_params:
        return render(request, "brief.html", is_file=False, **known)
    style = read_template("paper.css") + STYLE.read_text(encoding="utf-8")
    html = (
        load_templates()
        .get_template("brief_file.html")
        .render(
            is_file=True,
            style=Markup(style),  # noqa: S704 (our own files)
            policy=POLICY.format(style=make_digest(style)),
            **known,
        )
    )
    return send(html.encode(), f"brief-{brief.identity.id}.html", "text/html")


@router.get("/compare")
def show_pair(request: Request) -> Response:
    """Two beside each other; who is meant is chosen where a name is not yet an id."""
    asked = read_asked(request.query_params)
    with opened(request) as store:
        found = [_find_meant(store, value) for value in (asked.who, asked.with_)]
        if not all(len(ids) == 1 for ids in found) or found[0] == found[1]:
            ids = {id_ for some in found for id_ in some[:24]}
            names = lists.name_identities(store, ids)
            return render(request, "choose.html", asked=asked, found=found, names=names)
        pair = briefs.get_pair(store, found[0][0], found[1][0])
    drawn = pictures.draw_rungs(pair.common, pair.side)
    return render(request, "compare.html", asked=asked, pair=pair, pictures=drawn)


def _find_meant(store: Store, value: str) -> tuple[str, ...]:
    """Who is meant by an id or a name: of several, the one that goes by just that name."""
    ids = views.find_meant(store, value) if value else ()
    names = lists.name_identities(store, ids) if len(ids) > 1 else {}
    own = tuple(id_ for id_, row in names.items() if fold_name(row.name) == fold_name(value))
    return own if len(own) == 1 else ids


@router.get("/counts")
def show_counts(request: Request) -> Response:
    """What reports count differently."""
    asked = read_asked(request.query_params)
    with opened(request) as store:
        found = views.find_meant(store, asked.who) if asked.who else ("",)
        counts = tuple(count for id_ in found[:4] for count in briefs.list_counts(store, id_))
        names = lists.name_identities(store, {i for count in counts for i in count.about})
        labels = {"who": views.find_label(store, asked.who)} if asked.who else {}
    most = briefs.MOST_COUNTING
    return render(request, "counts.html", asked=asked, counts=counts, names=names, labels=labels, most=most)
