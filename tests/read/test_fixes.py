"""Fixed values stand in the reading with their words; what is not there any more is left alone."""

import pytest

from dragoman.concord import Decision, Fix, Judgement
from dragoman.read.fixes import (
    Given,
    apply_fixes,
    encode_fix,
    find_words,
    list_fixes,
    list_values,
    name_words,
)
from dragoman.record import EntityKind, Slot, Words, check_reading
from tests import factory

READING = factory.make_reading()
MEETING, ROLE, SAID = READING.engagements[0], READING.roles[0], READING.quotations[0]
PERSON, OTHER, PLACE = (entity.id for entity in READING.entities)
HARBOURS = Words(**factory.find_words(factory.TEXT, "The council"))


def fix(target, *fixes):
    fixed = apply_fixes(READING, [Given(target.id, one) for one in fixes])
    check_reading(fixed)
    facts = (*fixed.engagements, *fixed.roles, *fixed.quotations)
    return fixed, next(fact for fact in facts if fact.id == target.id)


def test_apply_fixes_puts_a_place_with_its_words():
    words = Words(**factory.find_words(factory.TEXT, "Ostrava Republic"))
    value, kind = name_words(READING, words, EntityKind.PLACE)
    fixed, fact = fix(MEETING, Fix(field="place", value=value, words=words, kind=kind))
    assert fact.place == value
    assert [e.text for e in fact.evidence if e.slot is Slot.WHERE] == ["Ostrava Republic"]
    assert [e.name for e in fixed.entities if e.id == value] == ["Ostrava Republic"]
    assert [m.text for m in fixed.mentions if value in m.entities] == ["Ostrava Republic"]


def test_apply_fixes_not_stated_takes_value_and_words_away():
    _, fact = fix(MEETING, Fix(field="place"), Fix(field="time"), Fix(field="topic"))
    assert (fact.place, fact.time, fact.topic) == (None, None, None)


def test_apply_fixes_changes_adds_and_removes_participants():
    council = name_words(READING, HARBOURS, EntityKind.ORGANIZATION)[0]
    added = Fix(field="who", value=council, words=HARBOURS, kind=EntityKind.ORGANIZATION)
    _, fact = fix(MEETING, added, Fix(field="who", of=OTHER))
    assert [p.entity for p in fact.participants] == [PERSON, council]
    _, fact = fix(MEETING, Fix(field="for", of=PERSON, value=PLACE))
    assert fact.participants[0].on_behalf_of == PLACE


def test_apply_fixes_reads_the_time_of_the_words():
    text = factory.TEXT.replace("Our ports are open,", "Come back on 9 April 2022,")
    reading = factory.make_reading(factory.make_document(text))
    words = find_words(reading, "9 April 2022", 0)
    fixed = apply_fixes(reading, [Given(reading.engagements[0].id, Fix(field="time", words=words))])
    assert fixed.engagements[0].time.edtf == "2022-04-09"


def test_apply_fixes_changes_roles_and_speakers():
    title = Words(**factory.find_words(factory.TEXT, "the ambassador"))
    _, role = fix(ROLE, Fix(field="title", words=title), Fix(field="to", value=PLACE))
    assert (role.title, role.to) == ("the ambassador", PLACE)
    _, said = fix(SAID, Fix(field="speaker", value=OTHER))
    assert said.speaker == OTHER
    _, said = fix(SAID, Fix(field="speaker"))
    assert said.speaker is None


@pytest.mark.parametrize(
    "given",
    [Given("engagement-gone", Fix(field="place")), Given(MEETING.id, Fix(field="place", value="place-gone"))],
)
def test_apply_fixes_leaves_alone_what_is_not_there(given):
    assert apply_fixes(READING, [given]) == READING


def test_apply_fixes_gives_the_article_its_day():
    fixed = apply_fixes(READING, [Given(READING.document.id, Fix(field="published", value="2022-01-02"))])
    assert fixed.document.published == "2022-01-02"


def test_list_fixes_leaves_out_what_was_undone():
    fixes = [
        Judgement(
            id=n,
            at="2021",
            by="Ines",
            target=MEETING.id,
            action=Decision.FIXED,
            after=encode_fix(Fix(field="status", value=value)),
        )
        for n, value in ((1, "planned"), (2, "cancelled"))
    ]
    undone = Judgement(id=3, at="2021", by="Ines", target=MEETING.id, action=Decision.UNDONE, undoes=2)
    assert [(n, given.fix.value) for n, given in list_fixes([*fixes, undone])] == [(1, "planned")]


def test_find_words_takes_the_nearest_place():
    text = factory.TEXT
    assert find_words(READING, "Vesholt", len(text)).start == text.rindex("Vesholt")
    assert find_words(READING, "Vesholt", 0).start == text.index("Vesholt")
    assert find_words(READING, "vesholt ", 0) is None and find_words(READING, "", 0) is None


def test_list_values_has_every_field_with_its_words():
    fields = [(f.field, f.of) for f in list_values(READING, MEETING)]
    assert fields[:6] == [
        ("kind", None),
        ("status", None),
        ("who", PERSON),
        ("for", PERSON),
        ("who", OTHER),
        ("for", OTHER),
    ]
    assert {f.field: f.words for f in list_values(READING, MEETING)}["time"].text == "3 March 2021"
    assert [f.field for f in list_values(READING, ROLE)] == ["person", "title", "of", "to"]
    assert list_values(READING, ROLE)[1].words.text == "ambassador"
    assert list_values(READING, SAID)[0].value == PERSON
