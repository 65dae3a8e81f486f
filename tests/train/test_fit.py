"""Training on a small network: seeded, it learns, and what it writes can be read.

Needs the `train` extra; without torch these tests are skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from train.corpus import load_documents, make_example  # noqa: E402
from train.fit import default_options, fit, losses_of  # noqa: E402
from train.heads import Reader  # noqa: E402
from train.names import make_example as make_names  # noqa: E402
from train.network import MiniLM  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
PATHS = [ROOT / "corpus" / "ann" / "wire" / f"{n:03}.ann" for n in (3, 4)]


def train(out: Path, epochs: int) -> dict:
    torch.manual_seed(1)
    options = default_options()
    options.epochs, options.names = epochs, 1
    examples = [make_example(document) for document in load_documents(PATHS)]
    names = [make_names(["Ana", "Roe", "met", "Bo"], [("PER", 0, 2), ("PER", 3, 4)])]
    fit(Reader(MiniLM(layers=1)), examples, out, options, names=names)
    return torch.load(out)


@pytest.mark.slow
def test_fit_gives_the_same_weights_twice(tmp_path: Path) -> None:
    one, two = train(tmp_path / "one.pt", 1), train(tmp_path / "two.pt", 1)
    assert all(torch.equal(one[name], two[name]) for name in one)


@pytest.mark.slow
def test_fit_learns_its_documents(tmp_path: Path) -> None:
    from train.fit import encode

    example = make_example(load_documents(PATHS[:1])[0])
    sums = []
    for epochs in (1, 8):
        reader = Reader(MiniLM(layers=1))
        reader.load_state_dict(train(tmp_path / f"{epochs}.pt", epochs))
        reader.eval()
        vectors = encode(reader, [example.windows])[0]
        sums.append(losses_of(reader, example, vectors)["tags"].item())
    assert sums[1] < 0.7 * sums[0]


def test_make_example_tags_every_mention() -> None:
    example = make_example(load_documents(PATHS[:1])[0])
    begun = int((example.tags == 1).sum())
    assert begun >= len(example.spans)
    assert sum(window.shape[1] - 2 for window in example.windows) == len(example.tags)


def test_make_names_teaches_nothing_where_the_label_is_foreign() -> None:
    example = make_names(["The", "Cup", "in", "Oslo"], [("MISC", 0, 2), ("LOC", 3, 4)])
    assert not example.taught[:2].any()
    assert example.taught[2:].any()
    assert int((example.tags > 0).sum()) == 1
