"""Scores become facts: entities, roles, engagements, statements and claims, each with its words."""

from dragoman.read.claims import find_claims
from dragoman.read.engagements import find_engagements
from dragoman.read.entities import gather_entities
from dragoman.read.places import load_states
from dragoman.read.roles import find_roles
from dragoman.read.statements import find_statements
from dragoman.record import EngagementKind, Mode, Part, RoleFlag, Slot, Status
from tests.read.sketch import link, mark, scene

TEXT = "The new Kenyan Ambassador to Malta, Wanjiru Obeng, met Carmelo Vassallo in Valletta. She told him: “We agree.”"  # noqa: E501
SPANS = [
    ("place.name", "Kenyan"),
    ("title", "Ambassador"),
    ("place.name", "Malta"),
    ("person.name", "Wanjiru Obeng"),
    ("trigger", "met"),
    ("person.name", "Carmelo Vassallo"),
    ("place.name", "Valletta"),
    ("person.pronoun", "She"),
    ("cue", "told"),
    ("person.pronoun", "him"),
    ("said", "We agree."),
]
KENYAN, AMBASSADOR, MALTA, OBENG, MET, VASSALLO, VALLETTA, SHE, TOLD, HIM, SAID = range(11)
ARCS = [
    ("holder", AMBASSADOR, OBENG),
    ("of", AMBASSADOR, KENYAN),
    ("to", AMBASSADOR, MALTA),
    ("who", MET, OBENG),
    ("who", MET, VASSALLO),
    ("where", MET, VALLETTA),
    ("says", TOLD, SAID),
    ("speaker", TOLD, SHE),
    ("addressee", TOLD, HIM),
    ("occasion", TOLD, MET),
]


def sketch():
    marked = mark(TEXT, SPANS)
    links = link(
        marked,
        same=[(SHE, OBENG), (HIM, VASSALLO)],
        arcs=ARCS,
        parts={(MET, VASSALLO): "signer", (MET, OBENG): "guest"},
        classes={("kind", MET): "meeting", ("status", MET): "held", ("mode", SAID): "direct"},
    )
    return scene(TEXT, marked, links)


def test_gather_entities_joins_a_pronoun_to_its_person() -> None:
    cast = sketch().cast
    assert [e.name for e in cast.entities] == [
        "Kenya",
        "Malta",
        "Wanjiru Obeng",
        "Carmelo Vassallo",
        "Valletta",
    ]
    assert [m.text for m in cast.mentions if m.entity == cast.entities[2].id] == ["Wanjiru Obeng", "She"]


def test_gather_entities_joins_names_of_one_state_and_full_names_far_apart() -> None:
    text = "Kenya and Kenyan officials; Lena Ruz spoke. Later Lena Ruz left."
    spans = [
        ("place.name", "Kenya"),
        ("place.name", "Kenyan"),
        ("person.name", "Lena Ruz"),
        ("person.name", "Lena Ruz"),
    ]
    marked = mark(text, spans)
    cast = gather_entities("doc", text, marked, link(marked), load_states())
    assert [e.name for e in cast.entities] == ["Kenya", "Lena Ruz"]


def test_gather_entities_gives_several_to_a_word_for_several() -> None:
    text = "Ana Roe met Bo Lind. The two spoke."
    marked = mark(
        text, [("person.name", "Ana Roe"), ("person.name", "Bo Lind"), ("person.nominal", "The two")]
    )
    cast = gather_entities("doc", text, marked, link(marked, members=[(2, 0), (2, 1)]), load_states())
    assert cast.mentions[2].entities == (cast.entities[0].id, cast.entities[1].id)
    assert len(cast.entities) == 2


def test_find_roles_fills_office_state_and_post_with_their_words() -> None:
    role = find_roles(sketch())[0]
    names = {e.id: e.name for e in sketch().cast.entities}
    assert (names[role.person], role.title) == ("Wanjiru Obeng", "Ambassador")
    assert (names[role.of or ""], names[role.to or ""]) == ("Kenya", "Malta")
    assert {e.slot: e.text for e in role.evidence}[Slot.TO] == "Malta"


def test_find_roles_reads_the_words_before_and_after_a_title() -> None:
    text = "the former President Ivo Marsh and President-elect Una Dorn"
    marked = mark(
        text,
        [
            ("title", "President"),
            ("person.name", "Ivo Marsh"),
            ("title", "President"),
            ("person.name", "Una Dorn"),
        ],
    )
    roles = find_roles(scene(text, marked, link(marked, arcs=[("holder", 0, 1), ("holder", 2, 3)])))
    assert [r.flags for r in roles] == [(RoleFlag.FORMER,), (RoleFlag.ELECT,)]


def test_find_engagements_fills_the_slots_and_bars_impossible_parts() -> None:
    it = sketch()
    found, _ = find_engagements(it, find_roles(it))
    names = {e.id: e.name for e in it.cast.entities}
    meeting = found[0]
    assert (meeting.kind, meeting.status) == (EngagementKind.MEETING, Status.HELD)
    assert [(names[p.entity], p.part) for p in meeting.participants] == [
        ("Wanjiru Obeng", Part.GUEST),
        ("Carmelo Vassallo", Part.PARTICIPANT),  # nobody signs a meeting
    ]
    assert names[meeting.participants[0].on_behalf_of or ""] == "Kenya"
    assert names[meeting.place or ""] == "Valletta"
    assert {(e.slot, e.text) for e in meeting.evidence} == {
        (Slot.CORE, "met"),
        (Slot.WHO, "Wanjiru Obeng"),
        (Slot.WHO, "Carmelo Vassallo"),
        (Slot.BEHALF, "Kenyan"),
        (Slot.WHERE, "Valletta"),
    }


def test_find_engagements_makes_nothing_part_of_itself() -> None:
    text = "Ana Roe met Bo Lind and visited Cy Moe."
    spans = [("person.name", "Ana Roe"), ("trigger", "met"), ("person.name", "Bo Lind")]
    marked = mark(text, [*spans, ("trigger", "visited"), ("person.name", "Cy Moe")])
    arcs = [("who", 1, 0), ("who", 1, 2), ("who", 3, 0), ("who", 3, 4), ("part_of", 1, 3), ("part_of", 3, 1)]
    classes = {("kind", 1): "meeting", ("kind", 3): "visit"}
    found, _ = find_engagements(scene(text, marked, link(marked, arcs=arcs, classes=classes)), ())
    assert [e.part_of for e in found] == [None, found[0].id]


def test_find_statements_attributes_words_addressee_and_occasion() -> None:
    it = sketch()
    engagements, engagement_of = find_engagements(it, ())
    said = find_statements(it, engagement_of)[0]
    names = {e.id: e.name for e in it.cast.entities}
    assert (said.text, said.mode, said.cue and said.cue.text) == ("We agree.", Mode.DIRECT, "told")
    assert (names[str(said.speaker)], names[said.to or ""]) == ("Wanjiru Obeng", "Carmelo Vassallo")
    assert said.occasion == engagements[0].id


def test_find_claims_keeps_the_voice_of_a_source_apart_from_the_report() -> None:
    text = "There are two ports. “We have six schools,” Ana Roe said."
    spans = [
        ("claim", "There are two ports"),
        ("number", "two"),
        ("said", "We have six schools"),
        ("claim", "We have six schools"),
        ("number", "six"),
        ("person.name", "Ana Roe"),
        ("cue", "said"),
    ]
    marked = mark(text, spans)
    order = [text[int(s) : int(e)] for s, e in zip(marked.spans.starts, marked.spans.ends, strict=True)]
    said, cue, person = marked.of("said")[0], marked.of("cue")[0], order.index("Ana Roe")
    claims = {("claim", int(n)): "count" for n in marked.of("claim")}
    it = scene(
        text, marked, link(marked, arcs=[("says", cue, said), ("speaker", cue, person)], classes=claims)
    )
    quotations = find_statements(it, {})
    ports, schools = find_claims(it, quotations)
    assert (ports.by, ports.value, ports.unit, ports.within) == ("author", 2, "ports", None)
    assert (schools.by, schools.value, schools.unit) == (quotations[0].speaker, 6, "schools")
    assert schools.within == quotations[0].id


def _meeting(
    text: str, spans: list[tuple[str, str]], who: list[tuple[int, int]], faint: list[tuple[int, int]]
):
    """The names of those who take part in each engagement of a text; `faint` links alone carry nothing."""
    marked = mark(text, spans)
    triggers = {("kind", int(n)): "meeting" for n in marked.of("trigger")}
    links = link(marked, arcs=[("who", *pair) for pair in who + faint], classes=triggers)
    rows = {
        a: [(t, r, -3.0 if (a, t) in faint else s) for t, r, s in found]
        for a, found in links.arcs["who"].items()
    }
    it = scene(text, marked, links._replace(arcs={**links.arcs, "who": rows}))
    names = {e.id: e.name for e in it.cast.entities}
    return [[names[p.entity] for p in e.participants] for e in find_engagements(it, ())[0]]


PAIR = [("person.name", "Ana Roe"), ("trigger", "met"), ("person.name", "Bo Lind"), ("person.name", "Cy Moe")]


def test_find_engagements_counts_everybody_in_a_row_of_names() -> None:
    text = "Ana Roe met with President Bo Lind and Prime Minister Cy Moe."
    spans = [*PAIR, ("title", "President"), ("title", "Prime Minister")]
    arcs = ([(1, 0), (1, 3)], [(1, 5)])
    assert _meeting(text, spans, *arcs) == [["Ana Roe", "Bo Lind", "Cy Moe"]]
    apart = text.replace(" and ", ", who knows ")
    assert _meeting(apart, spans, *arcs) == [["Ana Roe", "Bo Lind"]]


def test_find_engagements_tells_one_meeting_for_each_met_separately() -> None:
    text = "Ana Roe met separately with Bo Lind and Cy Moe."
    found = _meeting(text, PAIR, [(1, 0), (1, 2), (1, 3)], [])
    assert found == [["Ana Roe", "Bo Lind"], ["Ana Roe", "Cy Moe"]]


def test_find_engagements_gives_the_meeting_with_somebody_to_him_alone() -> None:
    text = "Ana Roe met Bo Lind. Before the meeting with Envoy Cy Moe he rested."
    spans = [*PAIR, ("trigger", "meeting"), ("title", "Envoy")]
    marked = mark(text, spans)
    kinds = {("kind", int(n)): "meeting" for n in marked.of("trigger")}
    who = [("who", 1, 0), ("who", 1, 2), ("who", 1, 5), ("who", 3, 5), ("who", 3, 0)]
    it = scene(text, marked, link(marked, same=[(3, 1)], arcs=who, classes=kinds))
    found, _ = find_engagements(it, ())
    names = [{it.entities[p.entity].name for p in e.participants} for e in found]
    assert names == [{"Ana Roe", "Bo Lind"}, {"Ana Roe", "Cy Moe"}]


def test_find_engagements_leaves_out_a_name_within_a_name() -> None:
    text = "Ana Roe met the Council of Ministers."
    spans = [*PAIR[:2], ("organization.name", "Council of Ministers"), ("group", "Ministers")]
    assert _meeting(text, spans, [(1, 0), (1, 2), (1, 3)], []) == [["Ana Roe", "Council of Ministers"]]


def test_find_roles_sends_an_ambassador_in_a_capital_to_its_state() -> None:
    text = "Peru called in the ambassador in Lima, Bo Lind."
    spans = [
        ("place.name", "Peru"),
        ("title", "ambassador"),
        ("place.name", "Lima"),
        ("person.name", "Bo Lind"),
    ]
    marked = mark(text, spans)
    it = scene(text, marked, link(marked, arcs=[("holder", 1, 3)]))
    assert [it.entities[role.to or ""].name for role in find_roles(it)] == ["Peru"]
