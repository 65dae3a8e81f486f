"""The order of the stages behind reading: whose names are whose, and what people decided about it.

`identify_reading` settles the entities of one article right after it is kept, and then its engagements;
`rebuild` does it for all of them anew. What people judge is written first and then takes effect at once,
for those it touches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dragoman.attesting import catch_up, is_engagement, settle_judged
from dragoman.concord import Decision, Edge, Fix, Identity, Judgement, Placement, Profile, merge_profiles
from dragoman.errors import DragomanError, NotFoundError
from dragoman.read.fixes import Given, apply_fixes, decode_fix, encode_fix, list_fixes
from dragoman.record import Reading, make_id
from dragoman.resolve.blocks import find_keys, find_wanted
from dragoman.resolve.cluster import Register, find_doubt, find_undone, read_rulings, settle
from dragoman.resolve.people import build_profiles, compare_profiles

if TYPE_CHECKING:
    from dragoman.keep.store import Store


def identify_reading(store: Store, reading: Reading) -> None:
    """Settle who the entities of a kept article are; those it had before must have been taken back."""
    store.place(reading.document.id, settle_profiles(store, build_profiles(reading)))
    catch_up(store)


def settle_profiles(store: Store, profiles: Sequence[Profile]) -> list[Placement]:
    """What becomes of the entities of one article, in their order; no two of them are one."""
    rulings = read_rulings(store.pair_judgements())
    keys = [find_keys(profile) for profile in profiles]
    found = store.candidates(map(find_wanted, keys))
    homes = store.homes({i for pairs in (rulings.same, rulings.different) for pair in pairs for i in pair})
    placements: list[Placement] = []
    taken: set[str] = set()
    for position, (profile, candidates) in enumerate(zip(profiles, found, strict=True)):
        free = [candidate for candidate in candidates if candidate.id not in taken]
        settled = settle(profile, free, rulings, homes.get)
        taken.update(settled.joins)
        placements.append(
            Placement(
                profile=profile,
                position=position,
                keys=keys[position],
                joins=settled.joins,
                doubt=find_doubt(settled),
            )
        )
    return placements


def rebuild(store: Store) -> int:
    """Settle everybody anew from readings and judgements; how many identities there are then."""
    register = Register(read_rulings(store.pair_judgements()))
    for reading in store.readings():
        for profile in build_profiles(reading):
            register.add(profile)
    register.apply_rulings()
    keys = ((key, home) for key, homes in register.keys.items() for home in homes)
    store.rebuild_identities(
        register.profiles.values(), keys, register.homes, build_profiles, register.doubts
    )
    catch_up(store)
    return len(register.profiles)


def find_one(store: Store, ref: str) -> Identity:
    """Who is meant by an id or a name; NotFoundError where nobody or several are."""
    if ref in store.homes([ref]):
        return store.identity(ref)
    found = store.identities_named(ref)
    if len(found) > 1:
        which = ", ".join(f"{identity.id} ({identity.name})" for identity in found[:5])
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise NotFoundError(f"{len(found)} go by the name {ref!r}: {which}{more}; name one by its id")
    if not found:
        raise NotFoundError(
            f"nobody and nothing is known by the id or name {ref!r}; try: dragoman find {ref}"
        )
    return found[0]


def explain_same(store: Store, one: str, two: str) -> Edge:
    """What is held of two, and why: the judgement that settled it, else the comparison.

    Two members of one identity are compared as their own reports tell them.
    """
    left, right = find_one(store, one), find_one(store, two)
    if left.kind is not right.kind:
        raise DragomanError(
            f"{left.name} is a {left.kind.value} and {right.name} a {right.kind.value}; not compared"
        )
    if ruled := _explain_ruling(store, left, right):
        return ruled
    if left.id != right.id:
        sides = [merge_profiles(store.profiles(identity.id)) for identity in (left, right)]
        return compare_profiles(*sides)
    profiles = store.profiles(left.id)
    asked = {one, two}
    if len(profiles) == 1:
        return Edge(
            left=left.id,
            right=left.id,
            decision=Decision.SAME,
            score=1.0,
            reasons=("met in one report only",),
        )
    own = next((p for p in profiles if p.id in asked and p.id != left.id), profiles[-1])
    rest = merge_profiles([p for p in profiles if p.id != own.id])
    edge = compare_profiles(rest, own)
    return replace(edge, decision=Decision.SAME)


def _explain_ruling(store: Store, left: Identity, right: Identity) -> Edge | None:
    """The judgement that joins two or keeps them apart, as an edge."""
    rulings, both = read_rulings(store.pair_judgements()), {left.id, right.id}
    for decision, pairs in ((Decision.DIFFERENT, rulings.different), (Decision.SAME, rulings.same)):
        for pair, number in pairs.items():
            homes = store.homes(pair)
            if {homes.get(i) for i in pair} == both:
                row = next(judgement for judgement in store.pair_judgements() if judgement.id == number)
                why = f": {row.reason}" if row.reason else ""
                said = f"{row.by} judged so on {row.at[:10]}{why}"
                return Edge(
                    left=left.id,
                    right=right.id,
                    decision=decision,
                    score=1.0,
                    reasons=(said,),
                    judgement=number,
                )
    return None


def merge(
    store: Store, one: str, two: str, *, by: str, at: str, why: str = "", via: str = "cli"
) -> tuple[int, Identity]:
    """Judge two to be one; the number of the judgement and who they are now."""
    left, right = find_one(store, one), find_one(store, two)
    if left.kind is not right.kind:
        raise DragomanError(
            f"{left.name} is a {left.kind.value} and {right.name} a {right.kind.value}; they cannot be one"
        )
    if left.id == right.id:
        raise DragomanError(f"{one!r} and {two!r} are one already: {left.id} ({left.name})")
    _check_not_barred(store, left, right)
    row = Judgement(at=at, by=by, target=left.id, other=right.id, action=Decision.SAME, via=via, reason=why)
    number = store.judge(row)
    store.unite(left.id, right.id)
    catch_up(store)
    return number, store.identity(left.id)


def keep_apart(store: Store, one: str, two: str, *, by: str, at: str, why: str = "", via: str = "cli") -> int:
    """Judge two to be two, which they are taken for now; the number of the judgement."""
    left, right = find_one(store, one), find_one(store, two)
    if left.id == right.id:
        raise DragomanError(f"{one!r} and {two!r} are held to be one: {left.id} ({left.name}); split instead")
    row = Judgement(
        at=at, by=by, target=left.id, other=right.id, action=Decision.DIFFERENT, via=via, reason=why
    )
    return store.judge(row)


def _check_not_barred(store: Store, left: Identity, right: Identity) -> None:
    rulings = read_rulings(store.pair_judgements())
    homes = store.homes(i for pair in rulings.different for i in pair)
    for pair, number in rulings.different.items():
        if {homes.get(i) for i in pair} == {left.id, right.id}:
            raise DragomanError(
                f"judgement {number} keeps {left.name} ({pair[0]}) and {right.name} ({pair[1]}) apart; "
                f"first: dragoman undo {number}"
            )


def split(
    store: Store, ids: Sequence[str], *, by: str, at: str, why: str = "", via: str = "cli"
) -> tuple[int, ...]:
    """Judge members to be others than the rest of their identity; the numbers of the judgements."""
    identity = store.identity(ids[0])
    strange = next((i for i in ids if i not in identity.members), None)
    if strange:
        raise DragomanError(
            f"{strange} is no member of {identity.id} ({identity.name}); split members of one"
        )
    anchor = next((member for member in identity.members if member not in ids), None)
    if anchor is None:
        raise DragomanError(f"nobody would be left of {identity.id} ({identity.name}); name fewer members")
    one_each = list(dict.fromkeys(ids))
    row = Judgement(at=at, by=by, target=anchor, other=anchor, action=Decision.DIFFERENT, via=via, reason=why)
    batch = make_id("batch", at, by, *one_each) if len(one_each) > 1 else ""
    numbers = store.judge_all(replace(row, target=i, batch=batch) for i in one_each)
    settle_again(store, one_each)
    return numbers


def undo(
    store: Store, number: int, *, by: str, at: str, why: str = "", via: str = "cli", batch: str = ""
) -> int:
    """Undo a judgement; the number of the judgement that says so. Refuses under a later merge."""
    rows = store.pair_judgements()
    row = next((r for r in store.judgements() if r.id == number), None)
    if row is None:
        raise NotFoundError(f"there is no judgement {number}; see: dragoman judgements")
    if number in find_undone(rows):
        raise DragomanError(f"judgement {number} is undone already")
    if row.action is Decision.UNDONE:
        raise DragomanError(f"judgement {number} undid {row.undoes}; give that judgement again instead")
    if row.action is Decision.SAME:
        _check_no_later_merge(store, row, rows)
    undone = Judgement(
        at=at,
        by=by,
        target=row.target,
        other=row.other,
        action=Decision.UNDONE,
        via=via,
        reason=why,
        batch=batch,
        undoes=number,
    )
    given = store.judge(undone)
    if row.action is Decision.FIXED:
        if document := find_document(store, row.target):
            keep_reading(store, _find_original(store, document, row))
    elif is_engagement(row.target):
        if row.other is not None:
            settle_judged(store, undone)
    elif row.action is Decision.SAME:
        settle_again(store, store.identity(row.target).members)
    elif row.action is Decision.DIFFERENT:
        settle_again(store, [row.target])
    return given


def undo_batch(
    store: Store, batch: str, *, by: str, at: str, why: str = "", via: str = "cli"
) -> tuple[int, ...]:
    """Undo what stands of a batch, the last first; the numbers of the judgements that say so."""
    rows = tuple(store.judgements())
    own = [row for row in rows if row.batch == batch and row.undoes is None]
    gone = {row.undoes for row in rows}
    standing = [row.id for row in reversed(own) if row.id not in gone]
    if not own:
        raise NotFoundError(f"there is no batch {batch!r}; see: dragoman judgements")
    if not standing:
        raise DragomanError(f"batch {batch} is undone already")
    again = make_id("batch", at, by, batch)
    return tuple(undo(store, number, by=by, at=at, why=why, via=via, batch=again) for number in standing)


def _check_no_later_merge(store: Store, row: Judgement, rows: Sequence[Judgement]) -> None:
    """Raise where a later merge joined others to what this one joined."""
    gone, home = find_undone(rows), store.homes([row.target]).get(row.target)
    merges = (r for r in rows if r.id > row.id and r.action is Decision.SAME and r.id not in gone)
    for later in merges:
        if home in store.homes([later.target, later.other or ""]).values():
            raise DragomanError(
                f"judgement {row.id} lies under the later merge {later.id} ({later.target} with "
                f"{later.other}); first: dragoman undo {later.id}"
            )


def settle_again(store: Store, entity_ids: Sequence[str]) -> None:
    """Take entities out of their identities and settle each anew under the judgements that stand."""
    for placement in store.take_out(entity_ids):
        (settled,) = settle_profiles(store, [placement.profile])
        store.put_in(replace(settled, position=placement.position))
    catch_up(store)


# Fixing --------------------------------------------------------------------------------------------


def fix(
    store: Store,
    document_id: str,
    target: str,
    before: Fix,
    after: Fix,
    *,
    by: str,
    at: str,
    via: str = "cli",
    why: str = "",
) -> int:
    """Give a field of a fact, or the day of an article, another value; the number of the judgement.

    It is in force at once, in lists and exports too; the value the reader found is kept beside it.
    """
    original = store.original(document_id)
    row = Judgement(
        at=at,
        by=by,
        target=target,
        action=Decision.FIXED,
        via=via,
        before=encode_fix(before),
        after=encode_fix(after),
        reason=why,
    )
    number = store.judge(row)
    keep_reading(store, original)
    return number


def keep_reading(store: Store, original: Reading) -> Reading:
    """Put a reading in place of the old one, with all that people fixed in it; the reading as it is then."""
    own = {original.document.id}
    own |= {
        fact.id for facts in (original.engagements, original.roles, original.quotations) for fact in facts
    }
    given = tuple(one for _, one in list_fixes(store.fixing_judgements()) if one.target in own)
    fixed = apply_fixes(original, given)
    store.replace(fixed, original=original if given else None)
    identify_reading(store, fixed)
    return fixed


def find_document(store: Store, target: str) -> str | None:
    """The article a fact stands in, or the article itself."""
    return target if store.has(target) else store.find_document(target)


def _find_original(store: Store, document_id: str, row: Judgement) -> Reading:
    """The reading before anything was fixed; where it came without one, the value before is put back."""
    original = store.original(document_id)
    if original == store.reading(document_id) and row.before:
        return apply_fixes(original, (Given(row.target, decode_fix(row.before)),))
    return original
