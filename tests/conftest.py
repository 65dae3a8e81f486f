"""What every test may use: where things lie. Fixtures live here and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dragoman.cli import run

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("DRAGOMAN_SHARED", ROOT.parent / "shared"))
EXAMPLES = ROOT / "examples"
os.environ.pop("DRAGOMAN_STORE", None)  # a test must never write to the record of whoever runs it


@pytest.fixture
def articles(tmp_path: Path) -> list[str]:
    """Three readable articles and, between them, what goes wrong."""
    texts = {
        "1-oslo.txt": "The ministers of the two countries met in Oslo on Tuesday and signed nothing.",
        "2-raise.txt": "The ministers of the two countries were told to TEST-RAISE the matter in Oslo.",
        "3-riga.txt": "The ministers of the two countries met in Riga on Tuesday and signed nothing.",
        "4-empty.txt": "",
        "5-lie.txt": "The ministers of the two countries said it was a TEST-LIE that they met in Oslo.",
        "6-bern.txt": "The ministers of the two countries met in Bern on Tuesday and signed nothing.",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [str(tmp_path / name) for name in texts]


@pytest.fixture
def record(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """A record with the example articles in it."""
    path = str(tmp_path / "deep" / "record.db")
    assert run(["read", str(EXAMPLES), "--store", path, "--reader", "fakes:load_reader"]) == 0
    capfd.readouterr()
    return path
