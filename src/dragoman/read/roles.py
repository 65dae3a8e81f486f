"""Roles: the office a person bears, whose it is and where to, with what the words say about holding it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from dragoman.read.arcs import Scene, Target, best_target, score_targets
from dragoman.read.labels import FLAGS
from dragoman.read.places import load_states
from dragoman.read.score import probability
from dragoman.record import EntityKind, Role, RoleFlag, Slot, make_id

# [0, 1]; best F1 of roles on dev.
HOLDER_FLOOR = 0.7
LINK_FLOOR = 0.3
FLAG_FLOOR = 0.5
BESIDE = 0.9
BEFORE = {
    "new": "new",
    "first": "first",
    "former": "former",
    "ex": "former",
    "acting": "acting",
}
AFTER = {"of": re.compile(r" of (?:the )?"), "to": re.compile(r" (?:to|in|at) (?:the )?")}
OWNER = re.compile(r"(?:[’']s?)? (?:(?:new|former|first|acting|outgoing|then|deputy) ){0,2}")
ENVOY = re.compile(r"(?i)ambassador|envoy|consul|commissioner|nuncio|representative|attach|delegate|minister")
AMBASSADOR = re.compile(r"(?i)ambassador|charg\w|envoy")
_WORD_BEFORE = re.compile(r"([A-Za-z]+)[\s-]+(?:[A-Z][\w.’']*\s+)?$")


def find_roles(scene: Scene) -> tuple[Role, ...]:
    """The roles of a document in text order; one person under one title is one role."""
    found: dict[tuple[str, str], Role] = {}
    for span in map(int, scene.marked.of("title")):
        for role in _read_title(scene, span):
            key = (role.person, role.title.casefold())
            found[key] = _join_roles(found[key], role) if key in found else role
    return tuple(found.values())


def _read_title(scene: Scene, span: int) -> list[Role]:
    """One role for each holder of the title at this span."""
    holders = [t for t in score_targets(scene, "holder", [span]) if t.chance >= HOLDER_FLOOR]
    holders = [t for t in holders if scene.entities[t.id].kind is EntityKind.PERSON]
    whose = _stands_beside(scene, span, "of") or best_target(scene, "of", [span], LINK_FLOOR)
    towards = _stands_beside(scene, span, "to") or best_target(scene, "to", [span], LINK_FLOOR)
    if whose and towards and whose.id == towards.id:
        whose, towards = (whose, None) if whose.chance >= towards.chance else (None, towards)
    towards = (
        _post(scene, towards) if towards and AMBASSADOR.search(scene.marked.spans.words[span]) else towards
    )
    title = scene.words(span)
    roles = []
    for holder in holders:
        evidence = [scene.evidence(Slot.TITLE, span), scene.evidence(Slot.WHO, holder.span, holder.id)]
        evidence += [scene.evidence(Slot.OF, whose.span, whose.id)] if whose else []
        evidence += [scene.evidence(Slot.TO, towards.span, towards.id)] if towards else []
        roles.append(
            Role(
                id=make_id("role", scene.document_id, title.start, holder.id),
                person=holder.id,
                title=title.text,
                of=whose.id if whose else None,
                to=towards.id if towards else None,
                flags=_read_flags(scene, span),
                evidence=tuple(evidence),
                confidence=round(float(scene.marked.confidence[span]) * holder.chance, 3),
            )
        )
    return roles


def _stands_beside(scene: Scene, span: int, arc: str) -> Target | None:
    """The body or place the words beside a title give it: "rector of X", "X's envoy", "ambassador to X"."""
    spans = scene.marked.spans
    start, end = int(spans.starts[span]), int(spans.ends[span])
    for other in range(*map(int, np.searchsorted(spans.starts, [start - 60, end + 12]))):
        if not scene.layer(other).startswith(("organization", "place")) or not scene.things(other):
            continue
        left, right = int(spans.starts[other]), int(spans.ends[other])
        after = left >= end and AFTER[arc].fullmatch(scene.text, end, left)
        before = arc == "of" and right <= start and OWNER.fullmatch(scene.text, right, start)
        posted = arc == "of" or ENVOY.search(spans.words[span])
        if posted and (after or before):
            return Target(scene.things(other)[0], BESIDE, other, 0)
    return None


def _post(scene: Scene, towards: Target) -> Target:
    """The state an envoy is sent to where its capital is named ("ambassador in Lima"), else the place."""
    states = load_states()
    code = states.capital_state(scene.entities[towards.id].name) if towards.chance == BESIDE else None
    posts = (e for e in scene.entities.values() if code and states.state_of(e.name) == code)
    state = next(posts, None)
    return towards._replace(id=state.id) if state else towards


def _read_flags(scene: Scene, span: int) -> tuple[RoleFlag, ...]:
    """What the words around the title say: "new", "former", "-elect"."""
    start, end = int(scene.marked.spans.starts[span]), int(scene.marked.spans.ends[span])
    flags = {
        f
        for f, s in zip(FLAGS, scene.links.classes["flags"][span], strict=True)
        if probability(s) >= FLAG_FLOOR
    }
    before = _WORD_BEFORE.search(scene.text, max(0, start - 40), start)
    if before and (flag := BEFORE.get(before.group(1).casefold())):
        flags.add(RoleFlag(flag))
    if re.match(r"[-\s]elect\b", scene.text[end : end + 7]):
        flags.add(RoleFlag.ELECT)
    return tuple(f for f in FLAGS if f in flags)


def _join_roles(old: Role, new: Role) -> Role:
    """Two statements of the same role as one: what either says, with the words of both."""
    flags: Sequence[RoleFlag] = [f for f in FLAGS if f in old.flags or f in new.flags]
    return Role(
        id=old.id,
        person=old.person,
        title=old.title,
        of=old.of or new.of,
        to=old.to or new.to,
        flags=tuple(flags),
        evidence=(*old.evidence, *new.evidence),
        confidence=max(old.confidence, new.confidence),
    )
