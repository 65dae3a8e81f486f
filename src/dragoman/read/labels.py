"""The labels the network was trained with: what its columns mean, shared by training and reading.

A layer is one kind of span, tagged on its own so that spans of different layers may nest. An arc is one
kind of link from an anchor span to a target span. Changing anything here means training again.
"""

from __future__ import annotations

from dragoman.record import ClaimKind, EngagementKind, Mode, Part, RoleFlag, Status

LAYERS = (
    "person.name",
    "person.nominal",
    "person.pronoun",
    "organization.name",
    "organization.nominal",
    "place.name",
    "place.nominal",
    "group",
    "title",
    "time",
    "number",
    "trigger",
    "cue",
    "said",
    "claim",
    "topic",
)
LAYER_INDEX = {name: number for number, name in enumerate(LAYERS)}
MENTIONS = LAYERS[:8]
KIND_OF_LAYER = {name: name.partition(".")[0] for name in MENTIONS}

# Who may be linked to whom: arc -> (layers of anchors, layers of targets).
PEOPLE = tuple(name for name in MENTIONS if name.startswith("person"))
BODIES = tuple(name for name in MENTIONS if name.startswith(("organization", "place")))
PLACES = tuple(name for name in MENTIONS if name.startswith("place"))
ARCS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "holder": (("title",), PEOPLE),
    "of": (("title",), BODIES),
    "to": (("title",), BODIES),
    "who": (("trigger",), MENTIONS),
    "where": (("trigger",), BODIES),
    "at": (("trigger",), (*BODIES, "trigger")),
    "when": (("trigger",), ("time",)),
    "count": (("trigger",), ("number",)),
    "topic": (("trigger",), ("topic",)),
    "part_of": (("trigger",), ("trigger",)),
    "says": (("cue",), ("said",)),
    "speaker": (("cue", "said"), MENTIONS),
    "addressee": (("cue", "said"), MENTIONS),
    "occasion": (("cue", "said"), ("trigger",)),
    "about": (("claim",), MENTIONS),
    "claim_place": (("claim",), PLACES),
    "claim_time": (("claim",), ("time",)),
}
ARC_INDEX = {name: number for number, name in enumerate(ARCS)}
VECTOR = 384  # width of the vector of a piece
ANCHORS = ("title", "trigger", "cue", "said", "claim")

# Layers whose spans may stand for the same thing; "mention" compares within one kind of entity.
SAME_AS = (*MENTIONS, "trigger", "said")

PARTS = tuple(Part)
KINDS = tuple(EngagementKind)
STATUSES = tuple(Status)
CLAIM_KINDS = tuple(ClaimKind)
FLAGS = tuple(RoleFlag)
MODES = tuple(Mode)

PRONOUNS = frozenset(
    "i he she they it we him her his hers their theirs them its our ours us who whom whose you your yours "
    "my mine me himself herself itself themselves myself".split()
)


def mention_layer(kind: str, words: str) -> str:
    """The layer of a mention of an entity of this kind, by how it is written.

    >>> mention_layer("person", "the ambassador"), mention_layer("person", "He")
    ('person.nominal', 'person.pronoun')
    """
    if kind == "group":
        return "group"
    if words.casefold() in PRONOUNS:
        return "person.pronoun" if kind == "person" else f"{kind}.nominal"
    plain = words.casefold().startswith(("the ", "this ", "that ", "a ", "an "))
    return f"{kind}.name" if words[0].isupper() and not plain else f"{kind}.nominal"
