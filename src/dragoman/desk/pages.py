"""The pages that show the record: start, articles, engagements, names, what was said and claimed.

A page reads the query string, asks `views`, and renders; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dragoman.concord import Decision
from dragoman.desk import past, pictures, views
from dragoman.desk.asked import CHOICES, PER_PAGE, Asked, read_asked
from dragoman.desk.render import render
from dragoman.errors import NotFoundError
from dragoman.keep import decisions, lists, pairs
from dragoman.keep.ledger import Wanted
from dragoman.keep.store import Store
from dragoman.show.article import build_article
from dragoman.show.report import LAYER_NAMES, count_layers, draw_pictures, get_link, light_targets

router = APIRouter()
RECENT = 8  # engagements on the start page
MOST_HITS = 60  # of a search
MOST_NEAR = 5  # engagements that may be the same, beside one


@contextmanager
def opened(request: Request) -> Iterator[Store]:
    """The record, open for reading in this thread for the time of one page."""
    with Store.open(request.app.state.store_path, readonly=True) as store:
        yield store


@router.get("/")
def show_start(request: Request) -> Response:
    """What happened lately, what is planned, what the reports disagree about, what is being read."""
    today = request.app.state.today()
    with opened(request) as store:
        status = store.status()
        if not status.n_documents:
            return render(request, "empty.html")
        lately = Asked(status="held", end=today)
        ahead = Asked(status="planned", start=today, end=views.LAST_DAY)
        recent = views.list_facts(store, lately, limit=RECENT, is_counted=False)
        planned = views.list_facts(store, ahead, limit=RECENT, order="oldest", is_counted=False)
        articles, _ = lists.list_articles(store, order="added", limit=6)
        undated = lists.list_articles(store, is_dated=False, limit=1)[1]
        disagreeing, n_disagreeing = lists.list_claims(store, verdict="inconsistent", limit=5)
        differing = views.list_facts(store, Asked(conflict="yes"), limit=RECENT // 2)
        n_engagements = store.count_attested(views.make_wanted(store, Asked()))
        months = lists.count_months(store, Wanted(end=today, rejected=False))[-48:]
        busiest = lists.list_names(store, limit=10)[0]
    return render(
        request,
        "start.html",
        counts=status,
        n_engagements=n_engagements,
        recent=recent,
        planned=planned,
        differing=differing,
        articles=articles,
        undated=undated,
        disagreeing=disagreeing,
        n_disagreeing=n_disagreeing,
        months=pictures.draw_months(months, "/engagements?", width=700),
        busiest=busiest,
        jobs=request.app.state.jobs.newest()[:4],
    )


@router.get("/articles")
def show_articles(request: Request) -> Response:
    """The articles of the record."""
    asked = read_asked(request.query_params)
    order = asked.sort if asked.sort in lists.ARTICLE_ORDERS else "newest"
    with opened(request) as store:
        rows, total = views.list_articles(store, asked)
        publishers = lists.count_publishers(store)
    known: dict[str, Any] = {"rows": rows, "total": total, "publishers": publishers, "order": order}
    return render(request, "articles.html", asked=asked, pager=make_pager(asked, total), **known)


@router.get("/a/{ref}")
def show_article(request: Request, ref: str) -> Response:
    """One article: its text with the words of every fact, and the facts beside it."""
    with opened(request) as store:
        document_id = store.resolve_article(ref)
        if document_id != ref:
            return move_to(f"/a/{document_id}")
        reading = store.reading(document_id)
        homes = store.homes(entity.id for entity in reading.entities)
        source = lists.find_sources(store, [document_id])[document_id]
        facts = (reading.engagements, reading.roles, reading.quotations, reading.claims)
        ids = [document_id, *(fact.id for some in facts for fact in some)]
        states = decisions.find_states(store, ids)
    article = build_article(reading)
    links = {fact.id: f"/g/{fact.id}" for fact in reading.engagements}
    links |= {entity_id: f"/e/{home}" for entity_id, home in homes.items()}
    return render(
        request,
        "article.html",
        article=article,
        source=source,
        states=states,
        links=links,
        layers=LAYER_NAMES,
        counts=count_layers(article),
        waiting=[fact.id for fact in reading.engagements if fact.id not in states],
        original=get_link(article.url),
        pictures=draw_pictures(reading),
    )


@router.get("/a/{ref}/light.css")
def show_lights(request: Request, ref: str) -> Response:
    """Style that lights the words of the fact a link leads to, for readers without script."""
    with opened(request) as store:
        cards = build_article(store.reading(store.resolve_article(ref))).cards
    return Response(light_targets(cards), media_type="text/css")


@router.get("/engagements")
def show_engagements(request: Request) -> Response:
    """The engagements of the record."""
    asked = read_asked(request.query_params)
    with opened(request) as store:
        listing = views.list_facts(store, asked)
        months = lists.count_months(store, views.make_wanted(store, asked))
        labels = name_asked(store, asked)
        counts = lists.count_kinds(store)
    strip = pictures.draw_months(months, end_open("/engagements", asked))
    return render(
        request,
        "engagements.html",
        asked=asked,
        listing=listing,
        months=strip,
        labels=labels,
        counts=counts,
        pager=make_pager(asked, listing.total),
    )


@router.get("/g/{engagement_id}")
def show_engagement(request: Request, engagement_id: str) -> Response:
    """One engagement, field by field, as all its reports tell it."""
    with opened(request) as store:
        if gone := find_rejection(store, engagement_id):
            return render(request, "gone.html", id=engagement_id, judgements=gone)
        account = views.get_account(store, engagement_id)
        if account.fact.id != engagement_id:
            return move_to(f"/g/{account.fact.id}")
        own = [w.engagement for w in account.fact.witnesses]
        steps = list_steps(store, own)
        near = tuple(map(store.attested, pairs.find_near(store, own, engagements=True)[:MOST_NEAR]))
        names = views.make_listing(store, near, len(near)).names
    drawn = pictures.draw_rungs(account.listing)
    return render(
        request,
        "engagement.html",
        account=account,
        pictures=drawn,
        steps=steps,
        near=near,
        near_names=names,
    )


@router.get("/entities")
def show_entities(request: Request) -> Response:
    """Everybody and everything named in the record."""
    asked = read_asked(request.query_params)
    order = asked.sort if asked.sort in views.NAME_ORDERS else views.NAME_ORDERS[0]
    with opened(request) as store:
        rows, total = views.list_names(store, asked)
        counts = lists.count_names(store)
    pager = make_pager(asked, total)
    known: dict[str, Any] = {
        "rows": rows,
        "total": total,
        "counts": counts,
        "order": order,
        "types": CHOICES["type"],
    }
    return render(request, "entities.html", asked=asked, pager=pager, **known)


@router.get("/e/{entity_id}")
def show_dossier(request: Request, entity_id: str) -> Response:
    """What is known of one person, organisation, place or group."""
    asked = read_asked(request.query_params)
    with opened(request) as store:
        if gone := find_rejection(store, entity_id):
            return render(request, "gone.html", id=entity_id, judgements=gone)
        dossier = views.get_dossier(store, entity_id, asked, today=request.app.state.today())
        if dossier.identity.id != entity_id:
            return move_to(f"/e/{dossier.identity.id}")
        labels = name_asked(store, asked)
        steps = list_steps(store, [entity_id])
    own, width = dossier.listing, pictures.COLUMN
    drawn = pictures.draw_rungs(own, dossier.side, width=width)
    drawn |= pictures.draw_times(own, width=width) | pictures.draw_places(own, width=width)
    drawn |= pictures.draw_links(views.take_first(own, 8), width=480)
    return render(
        request,
        "dossier.html",
        asked=asked,
        dossier=dossier,
        own_asked=Asked(who=dossier.identity.id),
        pictures=drawn,
        labels=labels,
        steps=steps,
    )


@router.get("/said")
def show_said(request: Request) -> Response:
    """Who said what."""
    asked = read_asked(request.query_params)
    with opened(request) as store:
        rows, total, names = views.list_said(store, asked)
        labels = name_asked(store, asked)
    known: dict[str, Any] = {
        "rows": rows,
        "total": total,
        "names": names,
        "labels": labels,
        "modes": CHOICES["mode"],
    }
    return render(request, "said.html", asked=asked, pager=make_pager(asked, total), **known)


@router.get("/claims")
def show_claims(request: Request) -> Response:
    """What is claimed, and whose claim it is."""
    asked = read_asked(request.query_params)
    with opened(request) as store:
        rows, total, names = views.list_claims(store, asked)
        labels, counts = name_asked(store, asked), lists.count_claims(store)
    known: dict[str, Any] = {"rows": rows, "total": total, "names": names, "labels": labels, "counts": counts}
    return render(request, "claims.html", asked=asked, pager=make_pager(asked, total), **known)


@router.get("/timeline")
def show_timeline(request: Request) -> Response:
    """When: the engagements asked for on a line of time, or by month where they are many."""
    return _show_picture(request, "timeline", pictures.MOST_BARS)


@router.get("/network")
def show_network(request: Request) -> Response:
    """Who took part in what; never drawn whole."""
    return _show_picture(request, "network", pictures.MOST_FACTS)


@router.get("/map")
def show_map(request: Request) -> Response:
    """Where."""
    return _show_picture(request, "map", pictures.MOST_SPOTS)


def _show_picture(request: Request, name: str, most: int) -> Response:
    """A picture with its table; above `most` rows, counts and filters first."""
    asked = read_asked(request.query_params)
    with opened(request) as store:
        wanted = views.make_wanted(store, asked)
        months = lists.count_months(store, wanted)
        total = store.count_attested(wanted)
        too_many = total > most and not (name == "network" and not asked.is_filtered)
        wants = (asked.is_filtered or name != "network") and not too_many
        listing = views.list_facts(store, asked, limit=most, order="oldest") if wants else None
        busiest = lists.list_names(store, limit=24)[0] if not wants else ()
        labels = name_asked(store, asked)
    draw = {"timeline": pictures.draw_times, "network": pictures.draw_links, "map": pictures.draw_places}
    return render(
        request,
        "picture.html",
        name=name,
        asked=asked,
        listing=listing,
        total=total,
        most=most,
        busiest=busiest,
        labels=labels,
        months=pictures.draw_months(months, end_open(f"/{name}", asked)),
        pictures=draw[name](listing) if listing else {},
    )


@router.get("/search")
def show_search(request: Request) -> Response:
    """Names, engagements and articles that hold the words, each with its words."""
    words = " ".join(request.query_params.get("q", "").split())[:200]
    with opened(request) as store:
        hits = store.find(words, limit=MOST_HITS) if words else ()
        ids = lists.find_ids(store, words, limit=12) if words else ()
        people = tuple(lists.name_identities(store, ids).values())
    groups = {
        "engagements": [hit for hit in hits if hit.kind == "engagement"][:10],
        "articles": [hit for hit in hits if hit.kind == "text"][:10],
    }
    return render(request, "search.html", words=words, people=people, groups=groups)


@router.get("/history")
def show_history(request: Request) -> Response:
    """Who decided what, and when."""
    asked = read_asked(request.query_params)
    with opened(request) as store:
        every = tuple(store.judgements(target=asked.who or None))
        if asked.q:
            every = tuple(j for j in every if asked.q.casefold() in f"{j.by} {j.reason}".casefold())
        page = tuple(reversed(every))[asked.offset : asked.offset + PER_PAGE]
        undone = frozenset(row.undoes for row in store.judgements() if row.undoes is not None)
        steps = past.make_steps(store, page, undone)
    known: dict[str, Any] = {"steps": steps, "total": len(every)}
    return render(request, "history.html", asked=asked, pager=make_pager(asked, len(every)), **known)


@router.get("/keys")
def show_keys(request: Request) -> Response:
    """The keys, and how to switch them off."""
    return render(request, "keys.html")


@router.get("/about")
def show_about(request: Request) -> Response:
    """What this is, what it holds, whose work is in it."""
    from importlib.metadata import version

    with opened(request) as store:
        status = store.status()
    return render(request, "about.html", held=status, version=version("dragoman"))


# Parts -------------------------------------------------------------------------------------------


def move_to(address: str) -> Response:
    """For ever elsewhere in this record; not kept by the browser, which may open another record here."""
    return RedirectResponse(address, status_code=308, headers={"cache-control": "no-store"})


def list_steps(store: Store, targets: Iterable[str]) -> tuple[past.Step, ...]:
    """What people decided about some ids, the last first."""
    rows = {row.id: row for target in targets for row in store.judgements(target=target)}
    undone = frozenset(row.undoes for row in rows.values() if row.undoes is not None)
    return past.make_steps(store, [rows[number] for number in sorted(rows, reverse=True)], undone)


def find_rejection(store: Store, target: str) -> tuple[Any, ...]:
    """The judgements about an id whose last word is that it is rejected; empty otherwise."""
    state = decisions.find_states(store, [target]).get(target)
    is_rejected = state is not None and state.action is Decision.REJECTED
    return tuple(store.judgements(target=target)) if is_rejected else ()


def name_asked(store: Store, asked: Asked) -> dict[str, str]:
    """What the ids in a filter are called, by field."""
    fields = {"who": asked.who, "with": asked.with_, "for": asked.behalf, "place": asked.place}
    return {name: views.find_label(store, value) for name, value in fields.items() if value}


def make_pager(asked: Asked, total: int) -> dict[str, Any]:
    """Where a page stands in its list, and the links before and behind it."""
    last = max(1, -(-total // PER_PAGE))
    page = min(asked.page, last)
    return {
        "page": page,
        "last": last,
        "first_row": min(total, (page - 1) * PER_PAGE + 1),
        "last_row": min(total, page * PER_PAGE),
        "total": total,
        "before": asked.link(page=page - 1) if page > 1 else "",
        "behind": asked.link(page=page + 1) if page < last else "",
    }


def end_open(path: str, asked: Asked) -> str:
    """The address of the same question without days, ready for days to be added."""
    link = path + asked.link(**{"from": "", "to": ""})
    return link if link.endswith("?") else f"{link}&"


def not_found(request: Request, reason: str) -> Response:
    """The page for an address that leads nowhere, with what is near."""
    asked = request.url.path.rsplit("/", 1)[-1][:80]
    near: tuple[Any, ...] = ()
    try:
        with opened(request) as store:
            near = tuple(lists.name_identities(store, lists.find_ids(store, asked, limit=6)).values())
            past = tuple(store.judgements(target=asked))
    except NotFoundError:
        past = ()
    found = {"reason": reason, "asked": asked, "near": near, "past": past, "link": quote(asked)}
    return render(request, "missing.html", status=404, **found)
