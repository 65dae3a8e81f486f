"""A bundle is checked by its own program, without Dragoman; a changed bundle is found out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

import dragoman.give
from dragoman.give.contents import Contents
from dragoman.give.evidence import write_evidence
from tests.give.build import make_contents, make_small, write
from tests.give.synthetic import make_synthetic

VERIFY = Path(dragoman.give.__file__).with_name("verify.py")


def unpack(contents: Contents, folder: Path) -> Path:
    """The bundle of some contents as a zip, and unpacked beside it; the folder comes back."""
    data, _ = write(write_evidence, contents)
    (folder / "bundle.zip").write_bytes(data)
    with ZipFile(folder / "bundle.zip") as archive:
        archive.extractall(folder / "bundle")
    return folder / "bundle"


def verify(program: Path, *arguments: str) -> tuple[int, str]:
    """Status and words of the program in a Python that cannot see Dragoman."""
    command = [sys.executable, "-I", str(program), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.stderr == ""
    return run.returncode, run.stdout


def test_verifier_is_short_and_needs_the_standard_library_only() -> None:
    lines = VERIFY.read_text(encoding="utf-8").splitlines()
    imports = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert len(lines) <= 60
    assert imports <= sys.stdlib_module_names


@pytest.mark.parametrize("number", range(9))
def test_a_bundle_is_sound_in_any_script(number: int, tmp_path: Path) -> None:
    folder = unpack(make_contents([make_synthetic(number)]), tmp_path)
    assert verify(folder / "verify.py") == (0, f"{folder / 'verify.py'}: all is well\n")


def test_a_zip_is_checked_as_it_is_and_an_empty_one_is_sound(tmp_path: Path) -> None:
    folder = unpack(make_contents([]), tmp_path)
    status, said = verify(folder / "verify.py", str(tmp_path / "bundle.zip"))
    assert (status, said) == (0, f"{tmp_path / 'bundle.zip'}: all is well\n")


def _change_text(folder: Path) -> None:
    path = next((folder / "texts").iterdir())
    path.write_bytes(path.read_bytes().replace(b"Lirgate", b"Nirgate"))


def _change_fact(folder: Path) -> None:
    path = folder / "record.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"text":"seven harbours"', b'"text":"eight harbours"'))


def _change_quotation(folder: Path) -> None:
    path = folder / "record.jsonl"
    path.write_bytes(
        path.read_bytes().replace(b'"text":"Our ports are open,"', b'"text":"Our ports are shut,"')
    )


def _move_words(folder: Path) -> None:
    path = folder / "record.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"start":0,"end":14,', b'"start":1,"end":15,'))


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (_change_text, "is not the one that was read"),
        (_change_fact, "'eight harbours' does not stand in"),
        (_change_quotation, "'Our ports are shut,' does not stand in"),
        (_move_words, "'Nadira Vesholt' does not stand in"),
        (lambda folder: (folder / "SHA256SUMS").unlink(), "cannot be checked"),
        (lambda folder: next((folder / "texts").iterdir()).unlink(), "cannot be checked"),
        (lambda folder: (folder / "record.jsonl").write_text("{\n"), "cannot be checked"),
    ],
)
def test_a_changed_bundle_is_found_out(tamper: Callable[[Path], object], words: str, tmp_path: Path) -> None:
    folder = unpack(make_small(), tmp_path)
    assert verify(folder / "verify.py")[0] == 0
    tamper(folder)
    status, said = verify(folder / "verify.py")
    assert status == 1
    assert words in said
    assert "Traceback" not in said


def test_new_hashes_do_not_hide_words_that_are_not_there(tmp_path: Path) -> None:
    folder = unpack(make_small(), tmp_path)
    _change_fact(folder)
    sums = folder / "SHA256SUMS"
    lines = [line for line in sums.read_text().splitlines(keepends=True) if "record.jsonl" not in line]
    sums.write_text("".join(lines))
    status, said = verify(folder / "verify.py")
    assert (status, said.count("\n")) == (1, 1)
    assert "does not stand in" in said
