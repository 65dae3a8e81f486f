from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dragoman.cli import cli, run
from dragoman.record import decode_reading
from tests.conftest import EXAMPLES, ROOT

FAKE = ("--reader", "fakes:load_reader")
VISIT = str(EXAMPLES / "visit.txt")
COMMUNITY = str(EXAMPLES / "community.txt")
SEED = "The ministers of the two countries met in Oslo on Tuesday and signed nothing."
Capture = pytest.CaptureFixture[str]


def test_read_prints_a_line_for_each_document(tmp_path: Path, capfd: Capture) -> None:
    assert run(["read", VISIT, COMMUNITY, "--store", str(tmp_path / "r.db"), *FAKE]) == 0
    out, err = capfd.readouterr()
    assert [line.split(": ")[0] for line in out.splitlines()] == [VISIT, COMMUNITY]
    assert err == ""


def test_read_of_one_document_shows_it(tmp_path: Path, capfd: Capture) -> None:
    assert run(["read", COMMUNITY, "--store", str(tmp_path / "r.db"), *FAKE]) == 0
    assert "Rabbi and mayor open the restored reading room" in capfd.readouterr().out


def test_read_again_says_so_and_shows_it(record: str, capfd: Capture) -> None:
    assert run(["read", VISIT, "--store", record, "--reader", "fakes:load_nothing"]) == 0
    out, err = capfd.readouterr()
    assert "Norway and Georgia agree" in out
    assert "was read already" in err


def test_read_json_prints_the_contract_and_keeps_nothing(tmp_path: Path, capfd: Capture) -> None:
    assert run(["read", "--json", str(EXAMPLES), str(tmp_path / "missing.txt"), *FAKE]) == 1
    out, err = capfd.readouterr()
    readings = [decode_reading(line) for line in out.splitlines()]
    assert len({reading.document.id for reading in readings}) == 8
    assert {*json.loads(out.splitlines()[0])} >= {"document", "entities", "mentions", "engagements", "times"}
    assert err.startswith("dragoman: ")
    assert "missing.txt" in err
    assert err.count("\n") == 1


def test_read_json_prints_what_the_record_has(record: str, capfd: Capture) -> None:
    assert run(["read", "--json", VISIT, "--store", record, "--reader", "fakes:load_nothing"]) == 0
    assert decode_reading(capfd.readouterr().out).document.published == "2025-03-13"


def test_read_believes_what_is_given(capfd: Capture) -> None:
    given = ["--published", "2025-09-17", "--publisher", "Alpine Letter", "--title", "A room"]
    assert run(["read", "--json", COMMUNITY, *given, *FAKE]) == 0
    document = decode_reading(capfd.readouterr().out).document
    assert (document.published, document.publisher, document.title) == (
        "2025-09-17",
        "Alpine Letter",
        "A room",
    )


def test_read_stops_at_the_limit(capfd: Capture) -> None:
    assert run(["read", "--json", str(EXAMPLES), "--limit", "3", *FAKE]) == 0
    assert len(capfd.readouterr().out.splitlines()) == 3


def test_read_reads_standard_input() -> None:
    done = _command("read", "--json", "-", *FAKE, stdin=SEED)
    assert decode_reading(done.stdout).document.text == SEED


def test_read_with_two_processes_prints_the_same(capfd: Capture) -> None:
    assert run(["read", "--json", str(EXAMPLES), *FAKE]) == 0
    one = sorted(capfd.readouterr().out.splitlines())
    assert run(["read", "--json", str(EXAMPLES), "--jobs", "2", *FAKE]) == 0
    assert sorted(capfd.readouterr().out.splitlines()) == one


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["read"], "Missing argument"),
        (["read", VISIT, "--published", "2025-02-30"], "is no date"),
        (["read", VISIT, "--jobs", "0"], "not in the range"),
        (["frobnicate"], "No such command"),
    ],
)
def test_a_command_that_makes_no_sense_is_status_2(
    arguments: list[str], message: str, capfd: Capture
) -> None:
    assert run(arguments) == 2
    assert message in capfd.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "--store", "{tmp}/none.db"],
        ["show", "nobody at all", "--store", "{record}"],
        ["show", "engagement-0000000000", "--store", "{record}"],
        ["report", "nothing", "--store", "{record}"],
        ["report", VISIT, "--store", "{record}", "-o", "{tmp}/no/such/folder.html"],
        ["forget", "nothing", "--store", "{record}"],
        ["redate", "nothing", "2025-01-01", "--store", "{record}"],
        ["find", "x", "--store", VISIT],
        ["read", "{tmp}/missing.txt", "--store", "{record}"],
        ["read", VISIT, "--store", "{tmp}/new.db", "--reader", "fakes:load_nothing"],
        ["read", VISIT, "--store", VISIT + "/in/a/file.db"],
    ],
    ids=" ".join,
)
def test_an_error_is_one_line(arguments: list[str], record: str, tmp_path: Path, capfd: Capture) -> None:
    assert run([argument.format(record=record, tmp=tmp_path) for argument in arguments]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("dragoman: ")
    assert err.count("\n") == 1


def test_show_find_status_redate_report_forget(record: str, tmp_path: Path, capfd: Capture) -> None:
    page = tmp_path / "visit.html"
    run(["show", "--store", record])
    assert capfd.readouterr().out.count("2025-") == 6
    run(["find", "Kerelashvani", "--store", record])
    assert "Kerelashvani" in capfd.readouterr().out
    run(["redate", COMMUNITY, "2025-09-17", "--store", record])
    assert "2025-09-17" in capfd.readouterr().out
    run(["report", VISIT, "--store", record, "-o", str(page)])
    assert capfd.readouterr().out.strip() == str(page)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run(["forget", VISIT, "--store", record]) == 0
    assert run(["show", VISIT, "--store", record]) == 1
    capfd.readouterr()
    run(["status", "--store", record])
    assert "articles     7" in capfd.readouterr().out


def test_reread_reads_everything_again(record: str, capfd: Capture) -> None:
    assert run(["reread", "--store", record, *FAKE]) == 0
    assert len(capfd.readouterr().out.splitlines()) == 8


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_help_has_examples_that_are_commands(name: str, capfd: Capture) -> None:
    assert run([name, "--help"]) == 0
    out = capfd.readouterr().out
    examples = out.split("Examples:\n")[1].strip().splitlines()
    assert all(line.split()[:2] == ["dragoman", name] for line in examples)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str, capfd: Capture) -> None:
    assert run(["completion", shell]) == 0
    assert "_DRAGOMAN_COMPLETE" in capfd.readouterr().out


def test_a_reader_of_the_output_may_leave() -> None:
    command = f"{sys.executable} -m dragoman read --json {EXAMPLES} {' '.join(FAKE)} | head -c 10"
    done = subprocess.run(command, shell=True, env=_environment(), capture_output=True, text=True, timeout=60)
    assert (len(done.stdout), done.stderr) == (10, "")


def test_ctrl_c_keeps_what_was_read_and_goes_on(tmp_path: Path) -> None:
    source, store = tmp_path / "three.jsonl", str(tmp_path / "r.db")
    lines = [{"text": f"{SEED} It was day {n} of the talks."} for n in range(3)]
    lines[1]["text"] += " TEST-HANG"
    source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    arguments = [sys.executable, "-u", "-m", "dragoman", "read", str(source), "--store", store, *FAKE]
    with subprocess.Popen(
        arguments, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as reading:
        assert reading.stdout
        assert reading.stdout.readline().startswith(f"{source}:1: ")
        reading.send_signal(signal.SIGINT)
        _, err = reading.communicate(timeout=30)
    assert reading.returncode == 130
    assert err.strip().splitlines()[-1] == "dragoman: stopped; 1 done, the same command goes on from there"
    assert "Traceback" not in err
    source.write_text(json.dumps(lines[0]), encoding="utf-8")
    again = _command("read", str(source), "--jobs", "1", "--store", store, *FAKE)
    assert again.stdout == f"{source}:1: read already\n"


def _environment() -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    return {**os.environ, "PYTHONPATH": paths}


def _command(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """One command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dragoman", *arguments],
        input=stdin,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
