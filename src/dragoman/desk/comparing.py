"""Who is who and what is one, decided on screen: same, different, later; and names or reports split off.

What will change is said before anything does. Nothing is deleted: the judgement is added, and undoing it
brings the two back.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dragoman import attesting, identify
from dragoman.concord import Decision, Edge, Judgement
from dragoman.desk import views
from dragoman.desk.guard import read_form
from dragoman.desk.pages import opened
from dragoman.desk.parts import get_number, get_text, tell_time, to_path
from dragoman.desk.render import count, render
from dragoman.desk.settings import find_by
from dragoman.errors import DragomanError, NotFoundError
from dragoman.keep import dossier, lists, pairs
from dragoman.keep.ledger import Order, Wanted
from dragoman.keep.rows import MemberRow, NameRow, OfficeRow, SourceRow, WordsRow
from dragoman.keep.store import Store
from dragoman.record import Record

router = APIRouter()
SHOWN = 3  # names, offices and partners of each side
MOST_NEAR = 12  # people a name may mean


class Side(Record, frozen=True, kw_only=True):
    """One of two people, bodies or places that may be one."""

    name: NameRow
    n_articles: int
    n_engagements: int
    members: tuple[MemberRow, ...]
    offices: tuple[OfficeRow, ...]
    partners: tuple[views.Partner, ...]


class Pair(Record, frozen=True, kw_only=True):
    """Two that may be one, the one that stays first; `effects` is what "same" would change.

    `sides` are set for people, bodies and places, `listing` (of two facts) for engagements. `seen` is the
    number of the judgement about them that stands, `said` what it says.
    """

    one: str
    other: str
    edge: Edge
    effects: tuple[str, ...]
    sides: tuple[Side, ...] = ()
    listing: views.Listing | None = None
    sentences: Mapping[str, WordsRow] = {}
    names: Mapping[str, NameRow] = {}
    seen: int = 0
    said: str = ""


def build_pair(store: Store, one: str, other: str) -> Pair:
    """Two side by side; NotFoundError where one is unknown, DragomanError where they cannot be one."""
    if attesting.is_engagement(one):
        return _pair_engagements(store, one, other)
    ids = [identify.find_one(store, ref).id for ref in (one, other)]
    if ids[0] == ids[1]:
        raise DragomanError("These two are one already; its page can split it.")
    first, second = pairs.order_two(store, ids[0], ids[1])
    edge = identify.explain_same(store, first, second)
    sides = tuple(_make_side(store, id_) for id_ in (first, second))
    ids_named = {i for s in sides for p in s.partners for i in (p.id,)}
    ids_named |= {i for s in sides for o in s.offices for i in (o.person, o.of, o.to) if i}
    return Pair(
        one=first,
        other=second,
        edge=edge,
        effects=_tell_effects(*sides),
        sides=sides,
        names=lists.name_identities(store, ids_named),
        seen=edge.judgement or _find_seen(store, first, second),
        said=edge.reasons[0] if edge.judgement else "",
    )


def _make_side(store: Store, identity_id: str) -> Side:
    wanted = Wanted(identity=identity_id)
    latest = store.list_attested(wanted, order=Order.NEWEST, limit=views.LATEST)
    held = [o for o in dossier.list_offices(store, identity_id) if o.person == identity_id]
    return Side(
        name=lists.name_identities(store, [identity_id])[identity_id],
        n_articles=lists.count_articles(store, identity_id),
        n_engagements=store.count_attested(wanted),
        members=pairs.list_members(store, identity_id, limit=SHOWN)[0],
        offices=tuple(held[:SHOWN]),
        partners=views.count_partners(latest, {identity_id})[:SHOWN],
    )


def _tell_effects(first: Side, second: Side) -> tuple[str, ...]:
    """What becomes of two when they are one."""
    told = [
        f"“{second.name.name}” becomes part of “{first.name.name}”, which this record met first",
        f"{count(second.n_articles, 'article')} and {count(second.n_engagements, 'engagement')} move there",
    ]
    if second.name.name != first.name.name:
        told.append(f"“{second.name.name}” is kept as another way to write the name")
    return (*told, "the old address leads to the new one; no words and no link are lost")


def _find_seen(store: Store, one: str, other: str) -> int:
    rows = pairs.list_standing(store)
    homes = store.homes({i for row in rows for i in (row.target, row.other) if i})
    row = pairs.find_standing(store, one, other, homes)
    return row.id if row else 0


def _pair_engagements(store: Store, one: str, other: str) -> Pair:
    homes = store.attested_of((one, other))
    if len(homes) < len({one, other}):
        raise NotFoundError("One of the two engagements is not in this record any more.")
    if homes[one] == homes[other]:
        raise DragomanError("These two are one already; its page can split it.")
    facts = tuple(store.attested(homes[i]) for i in (one, other))
    edge = attesting.explain_same(store, facts[0].id, facts[1].id)
    listing = views.make_listing(store, facts, 2)
    reports = [(w.document, w.engagement) for fact in facts for w in fact.witnesses]
    n = len(reports)
    effects = (
        f"the two become one engagement with {count(n, 'report')}",
        "where the reports differ, every value stays, with who tells it",
        "both addresses lead to it",
    )
    rows = pairs.list_standing(store)
    known = store.attested_of({i for row in rows for i in (row.target, row.other) if i})
    row = pairs.find_standing(store, facts[0].id, facts[1].id, known)
    return Pair(
        one=facts[0].id, other=facts[1].id, edge=edge, effects=effects, listing=listing,
        sentences=lists.find_words(store, reports), names=listing.names, seen=row.id if row else 0,
        said=edge.reasons[0] if edge.judgement else "",
    )  # fmt: skip


@router.get("/same")
def show_same(request: Request) -> Response:
    """Two side by side, and what would change were they one."""
    one, two = (" ".join(request.query_params.get(name, "").split())[:200] for name in ("one", "two"))
    with opened(request) as store:
        try:
            pair = build_pair(store, one, two)
        except NotFoundError as exc:
            found = lists.find_ids(store, two, limit=MOST_NEAR) if two else ()
            near = tuple(lists.name_identities(store, [i for i in found if i != one]).values())
            home = store.homes([one]).get(one)
            it = lists.name_identities(store, [home])[home] if home else None
            reason = str(exc) if two and not near else ""
            return render(request, "which.html", it=it, two=two, near=near, reason=reason)
    back = f"/g/{pair.one}" if attesting.is_engagement(pair.one) else f"/e/{pair.one}"
    return render(request, "same.html", pair=pair, back=back)


@router.post("/same")
async def decide_same(request: Request) -> Response:
    """Keep what was decided of two."""
    async with read_form(request) as form:
        one, two, action = (get_text(form, name) for name in ("one", "two", "action"))
        seen, back, why = get_number(form, "seen"), get_text(form, "back"), get_text(form, "reason")[:500]
    if action not in ("same", "different", "unsure") or not one or not two:
        raise HTTPException(422, "This form does not say what was decided. Nothing was changed.")
    other = await run_in_threadpool(_decide_same, request, (one, two), action, seen, why)
    if other is not None:
        known = {"other": other, "target": one, "back": to_path(back)}
        return render(request, "meanwhile.html", status=409, **known)
    return RedirectResponse(to_path(back), status_code=303)


def _decide_same(
    request: Request, pair: tuple[str, str], action: str, seen: int, why: str
) -> Judgement | None:
    """Keep a judgement on two, unless another stands that whoever decides has not seen; that one then."""
    by, at = find_by(request), tell_time()
    one, two = pair
    module = attesting if attesting.is_engagement(one) else identify
    with Store.open(request.app.state.store_path) as store:
        rows = pairs.list_standing(store)
        ids = {i for row in rows for i in (row.target, row.other) if i} | set(pair)
        homes = store.attested_of(ids) if module is attesting else store.homes(ids)
        if any(id_ not in homes for id_ in pair):
            raise NotFoundError("One of the two is not in this record any more. Nothing was changed.")
        standing = pairs.find_standing(store, homes[one], homes[two], homes)
        if standing is not None and (standing.id != seen or homes[one] == homes[two]):
            return standing
        if standing is not None and action != standing.action:
            identify.undo(store, standing.id, by=by, at=at, via="desk")
        if action == "same":
            module.merge(store, one, two, by=by, at=at, why=why, via="desk")
        elif action == "different":
            module.keep_apart(store, one, two, by=by, at=at, why=why, via="desk")
        else:
            row = Judgement(
                at=at, by=by, target=one, other=two, action=Decision.UNSURE, via="desk", reason=why
            )
            store.judge(row)
    return None


# Splitting -----------------------------------------------------------------------------------------


class Split(Record, frozen=True, kw_only=True):
    """What can be split off: its members or reports, with their words."""

    id: str
    title: str
    link: str
    members: tuple[MemberRow, ...]
    total: int
    is_engagement: bool


@router.get("/split/{ref}")
def show_split(request: Request, ref: str) -> Response:
    """The names or reports something is made of; those ticked become another."""
    with opened(request) as store:
        split = _build_split(store, ref)
    return render(request, "split.html", split=split)


def _build_split(store: Store, ref: str) -> Split:
    if attesting.is_engagement(ref):
        fact = store.attested(ref)
        listing = views.make_listing(store, (fact,), 1)
        told = lists.find_words(store, [(w.document, w.engagement) for w in fact.witnesses])
        rows = tuple(_make_row(told[w.engagement], listing.sources[w.document]) for w in fact.witnesses)
        title = views.title_listing(listing)
        return Split(
            id=fact.id, title=title, link=f"/g/{fact.id}", members=rows, total=len(rows), is_engagement=True
        )
    home = store.homes([ref]).get(ref)
    if home is None:
        raise NotFoundError(f"nobody and nothing in this record has the id {ref!r}")
    members, total = pairs.list_members(store, home)
    name = lists.name_identities(store, [home])[home].name
    return Split(id=home, title=name, link=f"/e/{home}", members=members, total=total, is_engagement=False)


def _make_row(told: WordsRow, source: SourceRow) -> MemberRow:
    return MemberRow(
        entity=told.id, name="", source=source, n_mentions=1, before=told.before, words=told.words,
        after=told.after,
    )  # fmt: skip


@router.post("/split")
async def decide_split(request: Request) -> Response:
    """Judge the ticked members or reports to be another, as one step that can be taken back."""
    async with read_form(request) as form:
        ids = [value for value in form.getlist("member") if isinstance(value, str)]
        ref, why = get_text(form, "id"), get_text(form, "reason")[:500]
        n = get_number(form, "total")
    if not ids:
        raise HTTPException(422, "Nothing was ticked, so nothing was changed.")
    target = await run_in_threadpool(_split, request, ref, ids, n, why)
    return RedirectResponse(target, status_code=303)


def _split(request: Request, ref: str, ids: list[str], n: int, why: str) -> str:
    """Split ids off; where the first of them then is."""
    is_engagement = attesting.is_engagement(ref)
    with Store.open(request.app.state.store_path) as store:
        now = _build_split(store, ref)
        if now.total != n or not set(ids) <= {member.entity for member in now.members}:
            raise DragomanError("It was changed meanwhile, so nothing was split. Go back and look again.")
        module = attesting if is_engagement else identify
        module.split(store, ids, by=find_by(request), at=tell_time(), why=why, via="desk")
        if is_engagement:
            return f"/g/{store.attested_of([ids[0]])[ids[0]]}"
        return f"/e/{store.homes([ids[0]])[ids[0]]}"
