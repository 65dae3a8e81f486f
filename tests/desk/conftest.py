"""A record with invented people, hostile names and two reports of one meeting, and a desk over it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dragoman.concord import Decision, Judgement
from dragoman.desk.app import make_desk
from dragoman.identify import identify_reading
from dragoman.keep.store import Store
from tests import factory
from tests.show import samples

TODAY = "2021-03-10"
SECOND = (
    "Nadira Vesholt met Oren Calvaz in Lirgate on 3 March 2021, the Herald has learned. "
    "They spoke for an hour."
)
ADDRESS = "http://127.0.0.1"


def fill(path: Path) -> Path:
    """The record of the tests."""
    second = factory.make_document(SECOND, title="Calvaz sees envoy", publisher="Lirgate Herald")
    readings = (
        factory.make_reading(),
        factory.make_reading(second),
        samples.make_reading(),
        samples.make_hostile(),
        samples.make_empty(),
    )
    with Store.open(path) as store:
        for reading in readings:
            store.add(reading)
            identify_reading(store, reading)
        rejected = samples.make_reading().engagements[-1].id
        store.judge(
            Judgement(at="2021-03-09T10:00:00+00:00", by="Ines", target=rejected, action=Decision.REJECTED)
        )
    return path


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record that no test changes."""
    return fill(tmp_path_factory.mktemp("desk") / "record.db")


def open_client(path: Path, **options: object) -> TestClient:
    """A browser without script, at the desk over that record."""
    desk = make_desk(path, clock=lambda: TODAY, reader="fakes:load_reader", workers=0, **options)  # type: ignore[arg-type]
    return TestClient(desk, base_url=ADDRESS, raise_server_exceptions=False)


@pytest.fixture
def client(filled: Path) -> Iterator[TestClient]:
    """The desk over the record that no test changes."""
    with open_client(filled) as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path) -> Iterator[TestClient]:
    """The desk over an empty record of the test's own."""
    with open_client(tmp_path / "own.db") as opened:
        yield opened


def get_token(client: TestClient) -> str:
    """The token the forms of this desk carry."""
    found = re.search(r'name="token" value="([^"]+)"', client.get("/add").text)
    assert found
    return found[1]
