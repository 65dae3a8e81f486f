"""Deciding: accept, reject or put off facts, one or many at once, date an article, take any of it back.

A decision is an appended judgement; nothing is overwritten. Who decides second sees who decided first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dragoman import identify
from dragoman.concord import Decision, Fix, Judgement
from dragoman.desk import past, views
from dragoman.desk.comparing import build_pair
from dragoman.desk.guard import read_form
from dragoman.desk.pages import opened
from dragoman.desk.parts import get_number, get_text, tell_time, to_path
from dragoman.desk.render import render
from dragoman.desk.settings import find_by
from dragoman.keep import decisions, lists, pairs
from dragoman.keep.rows import StateRow
from dragoman.keep.store import Store
from dragoman.record import make_id

router = APIRouter()
ACTIONS = (Decision.ACCEPTED, Decision.REJECTED, Decision.LATER)
QUEUES = {  # in this order, since much of what follows hangs on the answers before
    "date": "Dates",
    "who": "Who is who",
    "meetings": "Same engagement",
    "numbers": "Numbers",
    "doubt": "Doubtful engagements",
}
LATEST = 6  # steps beside the question


@router.get("/review")
def show_review(request: Request) -> Response:
    """One question at a time: first what most hangs on."""
    kind = request.query_params.get("kind", "")
    with opened(request) as store:
        waiting = {name: decisions.list_waiting(store, name) for name in ("date", "numbers", "doubt")}
        doubts = {
            name: pairs.list_pairs(store, engagements=name == "meetings") for name in ("who", "meetings")
        }
        counts = {name: (waiting.get(name) or doubts[name])[1] for name in QUEUES}
        chosen = kind if kind in QUEUES else next((name for name in QUEUES if counts[name]), "date")
        rows = waiting[chosen][0] if chosen in waiting else ()
        couples = doubts[chosen][0] if chosen in doubts else ()
        told = views.get_question(store, chosen, rows[0]) if rows else None
        pair = build_pair(store, couples[0].one, couples[0].other) if couples else None
        asked = [(row.source.id, row.fact) for row in rows] if chosen == "doubt" else []
        sentences = lists.find_words(store, asked)
        steps = past.make_steps(store, *decisions.list_latest(store))[:LATEST]
    return render(
        request, "review.html", kind=chosen, queues=QUEUES, counts=counts, rows=rows, told=told, pair=pair,
        sentences=sentences, steps=steps, back=f"/review?kind={chosen}" if kind else "/review",
    )  # fmt: skip


@router.post("/decide")
async def decide(request: Request) -> Response:
    """Keep a decision on one fact."""
    async with read_form(request) as form:
        target, action, back = (get_text(form, name) for name in ("target", "action", "back"))
        seen, reason = get_number(form, "seen"), get_text(form, "reason")[:500]
    if not target or action not in ACTIONS:
        raise HTTPException(422, "This form does not say what was decided. Nothing was changed.")
    other = await run_in_threadpool(_judge, request, [(target, seen)], Decision(action), reason)
    return _answer(request, other, target, back)


@router.post("/decide-these")
async def decide_these(request: Request) -> Response:
    """Keep the same decision on all ticked facts, as one step that can be taken back."""
    async with read_form(request) as form:
        ticked = [value for value in form.getlist("these") if isinstance(value, str)]
        action, back = get_text(form, "action"), get_text(form, "back")
    if not ticked or action not in ACTIONS:
        raise HTTPException(422, "Nothing was ticked, so nothing was changed.")
    targets = [
        (target, int(seen) if seen.isdigit() else 0) for target, _, seen in (t.partition(":") for t in ticked)
    ]
    other = await run_in_threadpool(_judge, request, targets, Decision(action), "")
    return _answer(request, other, targets[0][0], back)


def _answer(request: Request, other: StateRow | None, target: str, back: str) -> Response:
    if other is not None:
        return render(request, "meanwhile.html", status=409, other=other, target=target, back=to_path(back))
    return RedirectResponse(to_path(back), status_code=303)


def _judge(
    request: Request, targets: Sequence[tuple[str, int]], action: Decision, reason: str
) -> StateRow | None:
    """Keep judgements, unless another stands that whoever decides has not seen; that one then, none kept."""
    at, by = tell_time(), find_by(request)
    ids = list(dict(targets))
    row = Judgement(at=at, by=by, target="", action=action, via="desk", reason=reason)
    batch = make_id("batch", at, by, *ids) if len(ids) > 1 else ""
    with Store.open(request.app.state.store_path) as store:
        states = decisions.find_states(store, ids)
        for target, seen in targets:
            if target in states and states[target].number != seen:
                return states[target]
        store.judge_all(replace(row, target=target, batch=batch) for target in ids)
    return None


@router.post("/undo")
async def undo(request: Request) -> Response:
    """Take one judgement back, or all that were given together."""
    async with read_form(request) as form:
        number, batch, back = get_number(form, "number"), get_text(form, "batch"), get_text(form, "back")
    await run_in_threadpool(_undo, request, number, batch)
    return RedirectResponse(to_path(back), status_code=303)


def _undo(request: Request, number: int, batch: str) -> None:
    by, at = find_by(request), tell_time()
    with Store.open(request.app.state.store_path) as store:
        if batch:
            identify.undo_batch(store, batch, by=by, at=at, via="desk")
        else:
            identify.undo(store, number, by=by, at=at, via="desk")


@router.post("/date")
async def give_date(request: Request) -> Response:
    """Give an article its day of publication; its relative times are settled by it."""
    async with read_form(request) as form:
        document, day, back = (get_text(form, name) for name in ("document", "published", "back"))
        seen = get_number(form, "seen")
    try:
        published = date.fromisoformat(day)
    except ValueError as exc:
        raise HTTPException(422, f"“{day[:40]}” is no day; write it as YYYY-MM-DD.") from exc
    other = await run_in_threadpool(_date, request, document, published, seen)
    return _answer(request, other, document, back)


def _date(request: Request, document: str, published: date, seen: int) -> StateRow | None:
    with Store.open(request.app.state.store_path) as store:
        before = store.original(document).document.published
        state = decisions.find_states(store, [document]).get(document)
        if state is not None and state.action is Decision.FIXED and state.number != seen:
            return state
        identify.fix(
            store,
            document,
            document,
            Fix(field="published", value=before),
            Fix(field="published", value=published.isoformat()),
            by=find_by(request),
            at=tell_time(),
            via="desk",
        )
    return None
