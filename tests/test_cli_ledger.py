"""`dragoman ledger` on a record of example articles."""

from __future__ import annotations

import pytest

from dragoman.cli import run


def test_ledger_of_an_unknown_name_is_one_line(record: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["ledger", "Xerxes Quondam", "--store", record]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("dragoman: nobody and nothing is known by the id or name 'Xerxes Quondam'; try:")
    assert err.count("\n") == 1
