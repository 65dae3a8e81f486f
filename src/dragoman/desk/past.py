"""Decisions as steps: what was decided together stands together, with what it is about in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dragoman.concord import Decision, Fix, Judgement
from dragoman.keep import decisions, lists
from dragoman.keep.rows import NameRow, SourceRow
from dragoman.keep.store import Store
from dragoman.read.fixes import decode_fix
from dragoman.record import Record

FIELDS = {
    "kind": "kind", "status": "status", "who": "who", "for": "on whose behalf", "place": "where",
    "time": "when", "topic": "about", "person": "who", "title": "office", "of": "of", "to": "to",
    "speaker": "speaker", "published": "published",
}  # fmt: skip


class About(Record, frozen=True, kw_only=True):
    """One thing a judgement is about: its name, its page and what kind of thing it is."""

    label: str
    link: str
    kind: str
    is_lost: bool = False


class Change(Record, frozen=True, kw_only=True):
    """What was fixed: the field, and its value before and after."""

    field: str
    before: str
    after: str


class Step(Record, frozen=True, kw_only=True):
    """One decision, or several taken together; `can_undo` while any of them stands."""

    first: Judgement
    rows: tuple[Judgement, ...]
    about: tuple[About, ...]
    change: Change | None
    is_undone: bool
    can_undo: bool


def make_steps(
    store: Store, rows: Sequence[Judgement], undone: frozenset[int] | set[int]
) -> tuple[Step, ...]:
    """The judgements as steps, in the order given; neighbours of one batch are one step."""
    groups: list[list[Judgement]] = []
    for row in rows:
        if groups and row.batch and groups[-1][0].batch == row.batch:
            groups[-1].append(row)
        else:
            groups.append([row])
    known = _Known(store, rows)
    return tuple(_make_step(known, group, undone) for group in groups)


def _make_step(known: _Known, group: Sequence[Judgement], undone: frozenset[int] | set[int]) -> Step:
    standing = [row for row in group if row.id not in undone and row.action is not Decision.UNDONE]
    first = group[0]
    change = None
    if first.action is Decision.FIXED and first.after:
        before = decode_fix(first.before) if first.before else Fix(field="")
        after = decode_fix(first.after)
        change = Change(
            field=FIELDS.get(after.field, after.field), before=known.tell(before), after=known.tell(after)
        )
    ids = dict.fromkeys(i for row in group for i in (row.target, row.other) if i)
    return Step(
        first=first,
        rows=tuple(group),
        about=tuple(known.about(i) for i in ids),
        change=change,
        is_undone=first.action is not Decision.UNDONE and not standing,
        can_undo=bool(standing),
    )


class _Known:
    """What the ids in judgements are called, looked up once."""

    def __init__(self, store: Store, rows: Iterable[Judgement]) -> None:
        fixes = [
            decode_fix(t) for row in rows for t in (row.before, row.after) if t and t.startswith('{"field"')
        ]
        ids = {i for row in rows for i in (row.target, row.other) if i}
        ids |= {fix.value for fix in fixes if fix.value}
        self.homes = store.homes(ids)
        self.names: dict[str, NameRow] = lists.name_identities(store, self.homes.values())
        self.sources: dict[str, SourceRow] = decisions.find_documents(store, ids - self.homes.keys())
        engaged = [(self.sources[i].id, i) for i in ids if i.startswith("engagement-") and i in self.sources]
        self.words = lists.find_words(store, engaged)

    def about(self, ref: str) -> About:
        """What an id stands for."""
        if ref in self.homes:
            name = self.names[self.homes[ref]]
            return About(label=name.name, link=f"/e/{name.id}", kind=name.kind.value)
        source = self.sources.get(ref)
        kind = ref.partition("-")[0] if "-" in ref else "article"
        if source is None:
            return About(label=ref, link="", kind=kind, is_lost=True)
        if ref == source.id:
            return About(label=source.title or "untitled article", link=f"/a/{ref}", kind="article")
        words = self.words.get(ref)
        label = words.words if words else f"{kind} in {source.title or 'an article'}"
        link = f"/g/{ref}" if kind == "engagement" else f"/a/{source.id}#{ref}"
        return About(label=label, link=link, kind=kind)

    def tell(self, fix: Fix) -> str:
        """A value in words."""
        if fix.value in self.homes:
            return self.names[self.homes[fix.value]].name
        if fix.words:
            return f"“{fix.words.text}”"
        return fix.value or "not stated"
