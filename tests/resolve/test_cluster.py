"""Who joins whom: order, doubt, and judgements that outrank every score."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.concord import Decision, Judgement, Post, Profile
from dragoman.record import EntityKind
from dragoman.resolve.cluster import Register, find_undone, read_rulings, settle

MINISTER = Post(title="prime minister", of="PE")
PEOPLE = (
    ("Nadira Vesholt", "ambassador", "AZ"),
    ("N. Vesholt", "ambassador", "AZ"),
    ("Oren Calvaz", "mayor", "NO"),
    ("Calvaz", "mayor", "NO"),
    ("Oren Calvaz Jr.", "dentist", None),
    ("Theodore Torbert", None, None),
)


def make(id_: str, name: str, *posts: Post) -> Profile:
    """A person of one article of its own."""
    countries = tuple(post.of for post in posts if post.of)
    return Profile(
        id=id_, kind=EntityKind.PERSON, names=(name,), posts=posts, countries=countries, documents=(id_,)
    )


def judge(number: int, action: Decision, one: str = "", two: str | None = None, **fields: int) -> Judgement:
    return Judgement(
        id=number, at="2024-05-01T09:00:00Z", by="Lin Orsk", target=one, other=two, action=action, **fields
    )


def add_all(*profiles: Profile, judgements: tuple[Judgement, ...] = ()) -> dict[str, str]:
    """Each entity with the identity it belongs to."""
    register = Register(read_rulings(judgements))
    for profile in profiles:
        register.add(profile)
    register.apply_rulings()
    return register.homes


def test_register_joins_one_name_and_parts_two() -> None:
    homes = add_all(make("a", "Nadira Vesholt"), make("b", "Oren Calvaz"), make("c", "N. Vesholt"))
    assert homes == {"a": "a", "b": "b", "c": "a"}


def test_register_joins_two_that_a_third_ties() -> None:
    one = make("a", "N. Vesholt", Post(title="ambassador", of="AZ"))
    homes = add_all(one, make("b", "Oren Calvaz"), make("c", "Nadira Vesholt", *one.posts))
    assert homes["c"] == homes["a"] == "a"


def test_register_never_joins_two_of_one_article() -> None:
    one = Profile(id="a", kind=EntityKind.PERSON, names=("Oren Calvaz",), documents=("d",))
    two = Profile(id="b", kind=EntityKind.PERSON, names=("Oren Calvaz",), documents=("d",))
    assert add_all(one, two) == {"a": "a", "b": "b"}


def test_register_joins_nobody_to_a_surname_that_fits_two() -> None:
    told = make("a", "Oren Calvaz", MINISTER), make("b", "Nadira Calvaz", MINISTER)
    assert add_all(*told, make("c", "Calvaz", MINISTER))["c"] == "c"
    assert add_all(told[0], make("c", "Calvaz", MINISTER))["c"] == "a"


def test_a_surname_that_fits_two_joins_its_like() -> None:
    told = make("a", "Oren Calvaz", MINISTER), make("b", "Nadira Calvaz", MINISTER)
    homes = add_all(*told, make("c", "Calvaz", MINISTER), make("d", "Calvaz", MINISTER))
    assert homes == {"a": "a", "b": "b", "c": "c", "d": "c"}


def test_a_name_that_one_article_tells_twice_still_gathers_the_others() -> None:
    twice = [
        Profile(id=i, kind=EntityKind.PERSON, names=("Oren Calvaz",), documents=("d",)) for i in ("a", "b")
    ]
    homes = add_all(*twice, make("c", "Oren Calvaz"), make("e", "Oren Calvaz"))
    assert homes == {"a": "a", "b": "b", "c": "a", "e": "a"}


def test_register_joins_nobody_to_an_initial_that_fits_two() -> None:
    homes = add_all(make("a", "Nadira Vesholt"), make("b", "Norman Vesholt"), make("c", "N. Vesholt"))
    assert homes["c"] == "c"


def test_a_judgement_joins_what_no_score_would() -> None:
    judgements = (judge(1, Decision.SAME, "a", "b"),)
    assert add_all(make("a", "Oren Calvaz"), make("b", "Ted Torbert"), judgements=judgements)["b"] == "a"


def test_a_judgement_parts_what_every_score_would_join() -> None:
    judgements = (judge(1, Decision.DIFFERENT, "a", "b"),)
    assert add_all(make("a", "Oren Calvaz"), make("b", "Oren Calvaz"), judgements=judgements)["b"] == "b"


def test_a_judgement_parts_through_whoever_joined() -> None:
    """`c` is the same as `b` by name, but `b` is `a`, and somebody said that `c` is not `a`."""
    profiles = [make(i, "Oren Calvaz") for i in "abc"]
    assert add_all(*profiles, judgements=(judge(1, Decision.DIFFERENT, "a", "c"),))["c"] == "c"


def test_different_outranks_same_by_name_when_both_are_judged() -> None:
    judgements = (judge(1, Decision.SAME, "a", "b"), judge(2, Decision.DIFFERENT, "b", "a"))
    assert add_all(make("a", "Oren Calvaz"), make("b", "Oren Calvaz"), judgements=judgements)["b"] == "b"


def test_read_rulings_leaves_out_what_is_undone() -> None:
    rows = [judge(1, Decision.SAME, "a", "b"), judge(2, Decision.UNDONE, "a", "b", undoes=1)]
    assert read_rulings(rows).same == {}
    assert read_rulings([*rows, judge(3, Decision.UNDONE, "a", "b", undoes=2)]).same == {("a", "b"): 1}


def test_find_undone_follows_undoing_of_undoing() -> None:
    rows = [judge(1, Decision.SAME, "a", "b"), judge(2, Decision.UNDONE, undoes=1)]
    assert find_undone(rows) == {1}
    assert find_undone([*rows, judge(3, Decision.UNDONE, undoes=2)]) == {2}


def test_read_rulings_takes_the_later_of_two() -> None:
    rulings = read_rulings([judge(1, Decision.SAME, "b", "a"), judge(2, Decision.UNSURE, "a", "b")])
    assert (rulings.same, rulings.different) == ({}, {})


def test_settle_says_why() -> None:
    found = settle(make("b", "N. Vesholt"), [make("a", "Nadira Vesholt"), make("c", "Oren Calvaz")])
    assert found.joins == ("a",)
    assert {edge.right: edge.reasons for edge in found.edges}["c"] == ("no word of the names is alike",)


REPORTS = st.lists(st.sampled_from(PEOPLE), max_size=12)


@settings(max_examples=60)
@given(REPORTS)
def test_register_groups_every_entity_once(people: list[tuple[str, str | None, str | None]]) -> None:
    posts = [(Post(title=title, of=of),) if title else () for _, title, of in people]
    profiles = [
        make(str(n), name, *held) for n, ((name, *_), held) in enumerate(zip(people, posts, strict=True))
    ]
    register = Register()
    for profile in profiles:
        register.add(profile)
    assert sorted(i for members in register.members.values() for i in members) == sorted(register.homes)
    assert set(register.homes.values()) == set(register.profiles) == set(register.members)
    assert {home for homes in register.keys.values() for home in homes} <= set(register.profiles)
    juniors = {register.homes[p.id] for p in profiles if p.names[0].endswith("Jr.")}
    assert all("Oren Calvaz" not in register.profiles[home].names for home in juniors)
