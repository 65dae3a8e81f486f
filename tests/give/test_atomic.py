"""A file is there whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.errors import DragomanError
from dragoman.give.atomic import open_target


def test_open_target_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for words in (b"one", b"two"):
        with open_target(path) as out:
            out.write(words)
        assert path.read_bytes() == words
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_open_target_keeps_the_old_file_and_leaves_nothing_when_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), open_target(path) as out:
        out.write(b"half")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_open_target_keeps_permissions_and_links(tmp_path: Path) -> None:
    path, link = tmp_path / "a.csv", tmp_path / "link.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    with open_target(link) as out:
        out.write(b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()


def test_open_target_writes_straight_to_what_is_no_file() -> None:
    with open_target("/dev/null") as out:
        out.write(b"gone")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    ("path", "words"), [("", "Is a directory"), ("none/a.csv", "No such file"), ("a.txt/b.csv", "Not a dir")]
)
def test_open_target_says_what_is_wrong(tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "a.txt").write_text("")
    with pytest.raises(DragomanError, match=words) as caught, open_target(tmp_path / path):
        pass
    assert str(tmp_path) in str(caught.value)
    assert "-o" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to try")
def test_open_target_says_that_the_disk_is_full() -> None:
    with pytest.raises(DragomanError, match="the disk is full"), open_target("/dev/full") as out:
        out.write(b"x" * 100_000)
