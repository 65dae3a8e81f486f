"""Whether two places of different reports are one: the same gazetteer entry, else name and country."""

from __future__ import annotations

from dragoman.concord import Profile
from dragoman.resolve.countries import get_state, name_state
from dragoman.resolve.names import Comparison
from dragoman.resolve.spelling import fold_words, get_sound


def compare_places(left: Profile, right: Profile) -> Comparison:
    """How alike two places are, in [0, 1], and why.

    One entry of the gazetteer is one place, two entries are two; where a report gives none, the name
    (as it sounds) and the country decide.
    """
    if left.geonames is not None and right.geonames is not None:
        same = left.geonames == right.geonames
        return Comparison(
            float(same), ("the gazetteer has them as one place" if same else "the gazetteer has two",)
        )
    states = [next(filter(None, map(get_state, p.names)), None) for p in (left, right)]
    if any(states):
        same = states[0] == states[1]
        return Comparison(float(same), ("both name one state" if same else "they name different states",))
    if left.country and right.country and left.country != right.country:
        return Comparison(
            0.0, (f"one is in {name_state(left.country)}, the other in {name_state(right.country)}",)
        )
    names = {get_sound(fold_words(n)) for n in left.names} & {get_sound(fold_words(n)) for n in right.names}
    if not names:
        return Comparison(0.0, ("the names differ",))
    told = bool(left.country and right.country)
    return Comparison(
        0.95 if told else 0.8, ("the names are alike" + (" and the country the same" if told else ""),)
    )
