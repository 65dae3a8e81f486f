"""GeoJSON by the rules of RFC 7946."""

from __future__ import annotations

import msgspec
import pytest

from dragoman.give.geojson import get_point, write_geojson
from tests.give.build import MET, make_contents, make_small, write
from tests.give.consumers import read_geojson


def test_engagement_stands_at_its_place_longitude_first() -> None:
    (feature,) = read_geojson(write(write_geojson, make_small())[0]).features
    assert feature.geometry.coordinates == [-7.25, 46.5]
    assert feature.properties["place"] == "Lirgate"
    assert [p["part"] for p in feature.properties["participants"]] == ["guest", "host"]


def test_words_stand_where_they_say() -> None:
    (reading,) = make_small().readings()
    (feature,) = read_geojson(write(write_geojson, make_small())[0]).features
    report, other = feature.properties["reports"]
    assert (report["words"], report["url"]) == (MET, reading.document.url)
    for words in report["evidence"]:
        assert reading.document.text[words["start"] : words["end"]] == words["text"]
    assert "words" not in other
    assert feature.properties["disagreements"][0]["slot"] == "when"


def test_engagement_without_coordinates_is_kept_and_counted() -> None:
    (told,) = make_small().engagements()
    data, written = write(write_geojson, make_contents([], engagements=[told]))
    assert [f.geometry for f in read_geojson(data).features] == [None]
    assert written.left_out[0].startswith("coordinates of 1 engagements")


@pytest.mark.parametrize("lat", [91.0, float("nan"), float("inf"), None])
def test_no_point_off_this_earth(lat: float | None) -> None:
    place = list(make_small().identities())[2]
    assert get_point(place)
    assert get_point(msgspec.structs.replace(place, lat=lat)) is None
