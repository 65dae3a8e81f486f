"""Silver examples of a small network: its own opinion, and a student that comes nearer to it.

Needs the `train` extra; without torch these tests are skipped.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from train.corpus import load_documents, make_example  # noqa: E402
from train.fit import default_options, encode, fit, losses_of  # noqa: E402
from train.heads import Reader  # noqa: E402
from train.network import MiniLM  # noqa: E402
from train.silver import load_texts, make_silver  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
TEXT = "Minister Ana Roe met the envoy of Ostrava in Lirgate on Monday. They spoke about ferries."


def make_teacher(seed: int) -> Reader:
    torch.manual_seed(seed)
    return Reader(MiniLM(layers=1)).eval()


def test_texts_are_normalised(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps({"id": "a1", "text": "One.\r\nTwo."}) + "\n", encoding="utf-8")
    assert load_texts(path) == [("a1", "One.\nTwo.")]


def test_silver_holds_the_mean_of_its_teachers() -> None:
    one, two = make_teacher(1), make_teacher(2)
    both = make_silver("x", TEXT, [one, two])
    assert both.soft is not None
    assert both.soft.shape[0] == len(both.tags)
    assert torch.allclose(both.soft.sum(-1), torch.ones(both.soft.shape[:2]))
    alone = [make_silver("x", TEXT, [teacher]).soft for teacher in (one, two)]
    assert torch.equal(make_silver("x", TEXT, [one, one]).soft, alone[0])
    assert not torch.allclose(both.soft, alone[0])
    low, high = torch.minimum(*alone), torch.maximum(*alone)
    between = (both.soft >= low - 1e-3) & (both.soft <= high + 1e-3)
    assert between.float().mean() > 0.9  # the mean is taken of scores, before they become chances


@pytest.mark.slow
def test_a_student_comes_nearer_to_its_teacher(tmp_path: Path) -> None:
    known = make_example(load_documents([ROOT / "corpus" / "ann" / "wire" / "003.ann"])[0])
    silver = make_silver("x", TEXT, [make_teacher(1)])
    losses = []
    for epochs in (1, 8):
        options = default_options()
        options.epochs, options.silver_texts = epochs, 1
        torch.manual_seed(3)
        fit(Reader(MiniLM(layers=1)), [known], tmp_path / "student.pt", options, silver=[silver])
        student = Reader(MiniLM(layers=1))
        student.load_state_dict(torch.load(tmp_path / "student.pt"))
        student.eval()
        vectors = encode(student, [silver.windows])[0]
        losses.append(losses_of(student, silver, vectors)["tags"].item())
    assert losses[1] < losses[0]
