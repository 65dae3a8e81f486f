"""The query string: what is understood, what is said to be wrong, and links that keep the rest."""

from hypothesis import given
from hypothesis import strategies as st

from dragoman.desk.asked import Asked, read_asked

TEXT = st.text(max_size=40)


def test_link_keeps_the_rest_and_begins_at_the_first_page():
    asked = read_asked({"who": "Vesholt", "kind": "meeting", "page": "3"})
    assert asked.link(kind="") == "?who=Vesholt"
    assert asked.link(page=4) == "?who=Vesholt&kind=meeting&page=4"
    assert Asked().link() == "?"


def test_what_makes_no_sense_is_left_out_and_said():
    asked = read_asked({"status": "dancing", "from": "soon", "page": "-1", "foo": "bar"})
    assert asked.items() == [] and not asked.is_filtered
    assert len(asked.wrong) == 3


@given(
    st.dictionaries(st.sampled_from([*Asked.__struct_fields__, "from", "to", "with", "for", "type"]), TEXT)
)
def test_any_query_string_is_read_and_its_link_means_the_same(params):
    asked = read_asked(params)
    pairs = dict(asked.items())
    assert read_asked(pairs).items() == asked.items()
