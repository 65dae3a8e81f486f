"""Fixing a fact field by field: another value, with the words of the article that say so.

The value the reader found stays beside the fixed one. A field can always be set to "not stated"; what
is put in place of it has words in the article, or is somebody named in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dragoman import identify
from dragoman.concord import Fix
from dragoman.desk.guard import read_form
from dragoman.desk.pages import opened
from dragoman.desk.parts import get_number, get_text, tell_time, to_path
from dragoman.desk.past import FIELDS
from dragoman.desk.render import render
from dragoman.desk.settings import find_by
from dragoman.errors import NotFoundError
from dragoman.keep import decisions, lists
from dragoman.keep.rows import SourceRow, StateRow
from dragoman.keep.store import Store
from dragoman.read.fixes import (
    Fact,
    decode_fix,
    find_fact,
    find_mention,
    find_words,
    list_fixes,
    list_values,
    name_words,
    read_time,
)
from dragoman.record import (
    Engagement,
    EngagementKind,
    Entity,
    EntityKind,
    Quotation,
    Reading,
    Record,
    Slot,
    Status,
    Words,
)

router = APIRouter()
NOBODY, WORDS = "-", "words"  # the choices that are no entity
WHO = (EntityKind.PERSON, EntityKind.ORGANIZATION, EntityKind.GROUP, EntityKind.PLACE)
BODIES = (EntityKind.ORGANIZATION, EntityKind.PLACE, EntityKind.GROUP)
KINDS = {  # which entities a field can have
    "who": WHO,
    "for": BODIES,
    "place": (EntityKind.PLACE,),
    "person": (EntityKind.PERSON,),
    "of": BODIES,
    "to": (EntityKind.PLACE, EntityKind.ORGANIZATION),
    "speaker": WHO,
}
PLAIN = {"kind": tuple(map(str, EngagementKind)), "status": tuple(map(str, Status))}
NEEDED = frozenset({"kind", "status", "person", "title"})  # never "not stated"


class Row(Record, frozen=True, kw_only=True):
    """One field as it is now: its value in words, and what it was before it was fixed."""

    key: str
    field: str
    of: str | None
    label: str
    value: str
    shown: str
    words: str
    choices: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    takes_words: bool
    can_clear: bool
    was: str = ""
    number: int = 0


class Sheet(Record, frozen=True, kw_only=True):
    """A fact to be fixed beside the text of its article; `core` are its own words there."""

    target: str
    what: str
    link: str
    source: SourceRow
    paragraphs: tuple[tuple[int, str], ...]
    core: tuple[int, int]
    rows: tuple[Row, ...]
    state: StateRow | None


@router.get("/fix/{target}")
def show_fix(request: Request, target: str) -> Response:
    """The fields of a fact, each with its words, ready to be fixed."""
    with opened(request) as store:
        reading, fact = _load(store, target)
        sheet = _build_sheet(store, reading, fact)
    return render(request, "fix.html", sheet=sheet, came=to_path(request.query_params.get("back", "")))


def _load(store: Store, target: str) -> tuple[Reading, Fact]:
    document = store.find_document(target)
    reading = store.reading(document) if document else None
    fact = find_fact(reading, target) if reading else None
    if reading is None or fact is None:
        raise NotFoundError(f"no engagement, office or quotation in this record has the id {target!r}")
    return reading, fact


def _build_sheet(store: Store, reading: Reading, fact: Fact) -> Sheet:
    names = {entity.id: entity for entity in reading.entities}
    fixes = [(n, given.fix) for n, given in list_fixes(store.fixing_judgements()) if given.target == fact.id]
    before = {row.id: row.before for row in store.judgements(target=fact.id) if row.before}
    rows = [_make_row(reading, names, value, fixes, before) for value in list_values(reading, fact)]
    if isinstance(fact, Engagement):
        rows.append(_make_row(reading, names, Fix(field="who"), [], {}))
    document = reading.document
    start, end = _find_core(fact)
    kind = "quotation" if isinstance(fact, Quotation) else "office"
    is_engagement = isinstance(fact, Engagement)
    return Sheet(
        target=fact.id,
        what=str(fact.kind) if isinstance(fact, Engagement) else kind,
        link=f"/g/{fact.id}" if is_engagement else f"/a/{document.id}#{fact.id}",
        source=lists.find_sources(store, [document.id])[document.id],
        paragraphs=tuple(_cut_paragraphs(document.text)),
        core=(start, end),
        rows=tuple(rows),
        state=decisions.find_states(store, [fact.id]).get(fact.id),
    )


def _cut_paragraphs(text: str) -> list[tuple[int, str]]:
    """The paragraphs of a text with where each begins."""
    found, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append((at, line))
        at += len(line) + 1
    return found


def _find_core(fact: Fact) -> tuple[int, int]:
    """The words that report a fact itself."""
    own = [e for e in fact.evidence if e.slot in (Slot.CORE, Slot.TITLE)] or list(fact.evidence)
    if isinstance(fact, Engagement) and fact.triggers:
        return fact.triggers[0].start, fact.triggers[0].end
    if isinstance(fact, Quotation) and fact.spans:
        return fact.spans[0].start, fact.spans[0].end
    return (own[0].start, own[0].end) if own else (0, 0)


def _make_row(
    reading: Reading,
    names: dict[str, Entity],
    fix: Fix,
    fixes: Sequence[tuple[int, Fix]],
    before: dict[int, str],
) -> Row:
    kinds = KINDS.get(fix.field, ())
    choices = [(e.id, e.name) for e in reading.entities if e.kind in kinds]
    choices = [(value, value) for value in PLAIN.get(fix.field, ())] or sorted(choices, key=lambda c: c[1])
    is_new = fix.field == "who" and fix.of is None
    whose = names[fix.of].name if fix.of in names else ""
    label = {"for": f"for whom {whose}"}.get(fix.field, FIELDS[fix.field])
    standing = [(n, one) for n, one in fixes if one.field == fix.field and _is_of(one, fix)]
    number = standing[-1][0] if standing else 0
    was = before.get(standing[0][0]) if standing else None
    return Row(
        key=f"{fix.field}-{fix.of or 'new'}" if fix.field in ("who", "for") else fix.field,
        field=fix.field,
        of=fix.of,
        label="add somebody" if is_new else label,
        value=fix.value or "",
        shown="" if is_new else _tell(names, fix),
        words=fix.words.text if fix.words else "",
        choices=tuple(choices),
        kinds=tuple(map(str, kinds)),
        takes_words=fix.field not in PLAIN,
        can_clear=fix.field not in NEEDED and not is_new,
        was=_tell(names, decode_fix(was)) if was else "",
        number=number,
    )


def _is_of(given: Fix, now: Fix) -> bool:
    """Whether a fix is of the participant a field is of now, under the name it had or has."""
    return given.of == now.of or (given.field == "who" and now.of is not None and given.value == now.of)


def _tell(names: dict[str, Entity], fix: Fix) -> str:
    """A value in words; empty where the report does not say."""
    if fix.value in names:
        return names[fix.value].name
    if fix.words and fix.field in ("time", "topic", "title"):
        return f"“{fix.words.text}”"
    return fix.value or ""


@router.post("/fix")
async def keep_fix(request: Request) -> Response:
    """Keep one fixed field."""
    async with read_form(request) as form:
        sent = {
            name: get_text(form, name)
            for name in ("target", "field", "of", "choice", "words", "kind", "back")
        }
        start, seen = get_number(form, "start"), get_number(form, "seen")
    other = await run_in_threadpool(_keep, request, sent, start, seen)
    back = to_path(sent["back"])
    if other is not None:
        return render(request, "meanwhile.html", status=409, other=other, target=sent["target"], back=back)
    return RedirectResponse(back, status_code=303)


def _keep(request: Request, sent: dict[str, str], start: int, seen: int) -> StateRow | None:
    with Store.open(request.app.state.store_path) as store:
        reading, fact = _load(store, sent["target"])
        state = decisions.find_states(store, [fact.id]).get(fact.id)
        if state is not None and state.number != seen:
            return state
        before = next(
            (
                v
                for v in list_values(reading, fact)
                if v.field == sent["field"] and (v.of or "") == sent["of"]
            ),
            None,
        )
        if before is None and (sent["field"], sent["of"]) != ("who", ""):
            raise HTTPException(422, "This fact has no such field. Nothing was changed.")
        after = _make_fix(reading, fact, sent, start)
        before = before or Fix(field="who")
        if after.field == "who" and any(
            p.entity == after.value != after.of for p in getattr(fact, "participants", ())
        ):
            raise HTTPException(422, "Whoever is meant takes part already. Nothing was changed.")
        identify.fix(
            store,
            reading.document.id,
            fact.id,
            before,
            after,
            by=find_by(request),
            at=tell_time(),
            via="desk",
        )
    return None


def _make_fix(reading: Reading, fact: Fact, sent: dict[str, str], start: int) -> Fix:
    """The fix a form asks for; 422 with the reason where it cannot be."""
    field, of, choice = sent["field"], sent["of"] or None, sent["choice"]
    if field in PLAIN:
        if choice not in PLAIN[field]:
            raise HTTPException(422, f"“{choice[:40]}” is no {field}. Nothing was changed.")
        return Fix(field=field, value=choice)
    if choice == NOBODY and (field not in NEEDED and not (field == "who" and of is None)):
        return Fix(field=field, of=of)
    near = start or _find_core(fact)[0]
    if choice == WORDS or field not in KINDS:
        return _fix_words(reading, field, of, sent, near)
    if all(entity.id != choice or entity.kind not in KINDS[field] for entity in reading.entities):
        raise HTTPException(422, "Choose one of the names, or select words in the text.")
    return Fix(field=field, of=of, value=choice, words=find_mention(reading, choice, near))


def _fix_words(reading: Reading, field: str, of: str | None, sent: dict[str, str], near: int) -> Fix:
    words = find_words(reading, sent["words"], near)
    if words is None:
        raise HTTPException(
            422, f"The words “{sent['words'][:60]}” do not stand in the article so. Nothing was changed."
        )
    if field == "time":
        _check_time(reading, words)
    if field not in KINDS:
        return Fix(field=field, of=of, words=words)
    allowed = KINDS[field]
    kind = EntityKind(sent["kind"]) if sent["kind"] in map(str, allowed) else allowed[0]
    value, kind = name_words(reading, words, kind)
    if kind not in allowed:
        raise HTTPException(
            422,
            f"“{words.text[:60]}” is a {kind} in this article, which cannot stand here. Nothing was changed.",
        )
    return Fix(field=field, of=of, value=value, words=words, kind=kind)


def _check_time(reading: Reading, words: Words) -> None:
    time = read_time(reading, words)
    if time is None or (time.edtf == "unknown" and not time.relative):
        raise HTTPException(
            422, f"“{words.text[:60]}” cannot be read as a time; select the words of a date or a period."
        )
