"""What becomes of a meeting, an office and a quotation in FollowTheMoney."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dragoman.give.contents import Contents
from dragoman.give.ftm import write_ftm
from dragoman.record import EngagementKind, Part, RoleFlag
from tests.give.build import attest, make_contents, make_small, observe, write
from tests.give.ftm_model import HAS_LIBRARY, read_ftm
from tests.give.synthetic import make_synthetic


def read(contents: Contents) -> dict[str, list[dict[str, Any]]]:
    """The properties of the entities by schema."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entity in read_ftm(write(write_ftm, contents)[0]):
        found.setdefault(entity["schema"], []).append(entity["properties"] | {"id": entity["id"]})
    return found


def test_write_ftm_of_a_meeting() -> None:
    found = read(make_small())
    (event,) = found["Event"]
    assert event["date"] == ["2021-03-03"]
    assert event["keywords"] == ["meeting", "held"]
    assert event["organizer"] == [event["involved"][1]]
    assert event["location"] == ["Lirgate"]
    assert "reports differ on when: 3 March 2021 (1), 4 March 2021 (1)" in event["description"][0]
    assert "Nadira Vesholt (guest, for Lirgate)" in event["description"][0]
    (article,) = found["Article"]
    assert (event["proof"], article["publishedAt"]) == ([article["id"]], ["2021-03-05"])
    (representation,) = found["Representation"]
    assert representation["agent"] == [event["involved"][0]]
    assert representation["client"] == [found["PublicBody"][0]["id"]]
    (report,) = (row for row in found["Documentation"] if row["role"] == ["reports"])
    assert report["entity"] == [event["id"]]
    assert report["recordId"][0].startswith("code points ")


def test_write_ftm_of_offices_and_words() -> None:
    found = read(make_small())
    (post,), (holder,) = found["Position"], found["Occupancy"]
    assert post["name"] == ["ambassador of Lirgate"]
    assert (holder["post"], holder["status"]) == ([post["id"]], ["unknown"])
    assert "startDate" not in holder
    assert "seen 2021-03-05" in holder["summary"][0]
    said, claim = found["Note"]
    assert said["description"] == ["Our ports are open,"]
    assert said["name"] == ["quotation, direct, “said”"]
    assert claim["name"] == ["claim, count, by the author"]


def test_write_ftm_of_an_office_that_began_and_one_that_ended() -> None:
    reading = make_synthetic(2)
    (office,) = observe(reading)
    offices = [
        msgspec.structs.replace(office, starts="2020-01"),
        msgspec.structs.replace(office, flags=(RoleFlag.FORMER,)),
    ]
    found = read(make_contents([reading], offices=offices))
    assert len(found["Position"]) == 1
    assert [row.get("startDate") for row in found["Occupancy"]] == [["2020-01"], None]
    assert [row["status"] for row in found["Occupancy"]] == [["unknown"], ["ended"]]


def test_write_ftm_of_a_call_says_who_called() -> None:
    reading = make_synthetic(1)
    (engagement,) = reading.engagements
    first, second = engagement.participants
    call = msgspec.structs.replace(
        attest(reading, engagement),
        kind=EngagementKind.CALL,
        participants=(msgspec.structs.replace(first, part=Part.CALLER), second),
    )
    (found,) = read(make_contents([reading], engagements=[call]))["Call"]
    assert (found["caller"], found["receiver"]) == ([first.entity], [second.entity])


@pytest.mark.parametrize(("number", "ends"), [(1, ("2021-03-01", "2021-03-31")), (4, (None, "1991-12-31"))])
def test_write_ftm_keeps_intervals_and_open_ends(number: int, ends: tuple[str | None, str | None]) -> None:
    reading = make_synthetic(number)
    told = msgspec.structs.replace(attest(reading, reading.engagements[0]), kind=EngagementKind.MEETING)
    (event,) = read(make_contents([reading], engagements=[told]))["Event"]
    assert tuple(event.get(name, [None])[0] for name in ("startDate", "endDate")) == ends
    assert "date" not in event


def test_write_ftm_gives_everything_an_id_of_its_own() -> None:
    entities = read_ftm(write(write_ftm, make_contents([make_synthetic(n) for n in range(40)]))[0])
    assert len({entity["id"] for entity in entities}) == len(entities)


def test_write_ftm_says_which_days_it_cannot_hold() -> None:
    _, written = write(write_ftm, make_contents([make_synthetic(2)]))
    assert written.left_out[0] == "the days of 1 engagements outside the years 1000 to 2999"


@pytest.mark.skipif(not HAS_LIBRARY, reason="followthemoney is not installed: pip install 'dragoman[ftm]'")
def test_the_library_loads_what_we_write() -> None:
    from followthemoney import model

    data, _ = write(write_ftm, make_small())
    people = [model.get_proxy(entity) for entity in read_ftm(data) if entity["schema"] == "Person"]
    assert [person.caption for person in people] == ["Nadira Vesholt", 'Орен Калваз "the Elder"']
