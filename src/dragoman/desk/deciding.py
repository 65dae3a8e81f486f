"""Deciding: accept, reject or put off a fact, give an article its date, and take any of it back.

A decision is an appended judgement; nothing is overwritten. Who decides second sees who decided first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dragoman import identify
from dragoman.concord import Decision, Judgement
from dragoman.desk import views
from dragoman.desk.guard import read_form
from dragoman.desk.pages import opened
from dragoman.desk.render import render
from dragoman.keep import decisions
from dragoman.keep.rows import StateRow
from dragoman.keep.store import Store
from dragoman.pipeline import redate_article

router = APIRouter()
ACTIONS = (Decision.ACCEPTED, Decision.REJECTED, Decision.LATER)
QUEUES = {"date": "Dates", "numbers": "Numbers", "doubt": "Doubtful engagements"}


@router.get("/review")
def show_review(request: Request) -> Response:
    """One question at a time: first what most hangs on."""
    kind = request.query_params.get("kind", "")
    with opened(request) as store:
        waiting = {name: decisions.list_waiting(store, name) for name in QUEUES}
        chosen = kind if kind in QUEUES else next((name for name in QUEUES if waiting[name][1]), "date")
        rows, _ = waiting[chosen]
        told = views.get_question(store, chosen, rows[0]) if rows else None
    counts = {name: total for name, (_, total) in waiting.items()}
    return render(
        request, "review.html", kind=chosen, queues=QUEUES, counts=counts, rows=rows, told=told,
        back=f"/review?kind={chosen}" if kind else "/review",
    )  # fmt: skip


@router.post("/decide")
async def decide(request: Request) -> Response:
    """Keep a decision on one fact."""
    async with read_form(request) as form:
        target, action, back = _get(form, "target"), _get(form, "action"), _get(form, "back")
        seen, reason = _get_number(form, "seen"), _get(form, "reason")[:500]
    if not target or action not in ACTIONS:
        raise HTTPException(422, "This form does not say what was decided. Nothing was changed.")
    row = Judgement(
        at=tell_time(),
        by=request.app.state.by,
        target=target,
        action=Decision(action),
        via="desk",
        reason=reason,
    )
    other = await run_in_threadpool(_judge, request, row, seen)
    if other is not None:
        return render(request, "meanwhile.html", status=409, other=other, target=target, back=to_path(back))
    return RedirectResponse(to_path(back), status_code=303)


def _judge(request: Request, row: Judgement, seen: int) -> StateRow | None:
    """Keep a judgement, unless another stands that whoever decides has not seen; that one then."""
    with Store.open(request.app.state.store_path) as store:
        state = decisions.find_states(store, [row.target]).get(row.target)
        if state is not None and state.number != seen:
            return state
        store.judge(row)
    return None


@router.post("/undo")
async def undo(request: Request) -> Response:
    """Take one judgement back."""
    async with read_form(request) as form:
        number, back = _get_number(form, "number"), _get(form, "back")
    await run_in_threadpool(_undo, request, number)
    return RedirectResponse(to_path(back), status_code=303)


def _undo(request: Request, number: int) -> None:
    with Store.open(request.app.state.store_path) as store:
        identify.undo(store, number, by=request.app.state.by, at=tell_time())


@router.post("/date")
async def give_date(request: Request) -> Response:
    """Give an article its day of publication; its relative times are settled by it."""
    async with read_form(request) as form:
        document, day, back = _get(form, "document"), _get(form, "published"), _get(form, "back")
    try:
        published = date.fromisoformat(day)
    except ValueError as exc:
        raise HTTPException(422, f"“{day[:40]}” is no day; write it as YYYY-MM-DD.") from exc
    await run_in_threadpool(_redate, request, document, published)
    return RedirectResponse(to_path(back), status_code=303)


def _redate(request: Request, document: str, published: date) -> None:
    with Store.open(request.app.state.store_path) as store:
        redate_article(store, document, published)


def tell_time() -> str:
    """The time now in UTC, as judgements have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def to_path(back: str) -> str:
    """The page to go back to, if it is one of the desk.

    >>> to_path("/a/1#e1"), to_path("//evil.example"), to_path("https://evil.example")
    ('/a/1#e1', '/', '/')
    """
    is_own = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return back if is_own else "/"


def _get(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _get_number(form: FormData, name: str) -> int:
    value = _get(form, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0
