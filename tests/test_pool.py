from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from dragoman.errors import DragomanError
from dragoman.pool import Died, Pool, Task
from dragoman.record import Document, Reading

READER = "fakes:load_reader"
ECHO = "fakes:load_echo"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and pipes")


def _task(text: str, seconds: float = 60) -> Task:
    return Task(Document(id=text, text=text), seconds)


def test_run_answers_every_item_in_another_process() -> None:
    with Pool(ECHO, jobs=2) as pool:
        answers = dict(pool.run((n, Task(str(n), 60)) for n in range(20)))
    assert {key: payload for key, (payload, _) in answers.items()} == {n: str(n) for n in range(20)}
    assert os.getpid() not in {process for _, process in answers.values()}


def test_run_keeps_the_order_with_one_worker() -> None:
    with Pool(ECHO, jobs=1) as pool:
        assert [key for key, _ in pool.run((n, Task("", 60)) for n in range(5))] == list(range(5))


def test_run_passes_items_without_a_task_through() -> None:
    with Pool("fakes:load_crash", jobs=1) as pool:
        assert list(pool.run([("a", None), ("b", None)])) == [("a", None), ("b", None)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("TEST-CRASH", "crashed (SIGSEGV)"), ("TEST-HANG", "took longer than its time limit")],
)
def test_run_loses_only_the_poisoned_document(text: str, reason: str) -> None:
    tasks = [("before", _task("a")), ("poison", _task(text, 0.2)), ("after", _task("b"))]
    with Pool(READER, jobs=1) as pool:
        answers = dict(pool.run(tasks))
    assert answers["poison"] == Died(reason)
    assert isinstance(answers["before"], Reading)
    assert isinstance(answers["after"], Reading)


def test_run_takes_only_one_item_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[tuple[int, Task]]:
        for n in range(100):
            taken.append(n)
            yield n, Task("", 60)

    with Pool(ECHO, jobs=1) as pool:
        next(pool.run(items()))
    assert len(taken) <= 3


def test_run_raises_the_error_of_a_setup_that_fails() -> None:
    with (
        Pool("fakes:load_nothing", jobs=2) as pool,
        pytest.raises(DragomanError, match="weights are missing"),
    ):
        list(pool.run([("a", _task("a"))]))


def test_run_says_that_a_worker_cannot_start() -> None:
    with Pool("fakes:load_crash", jobs=1) as pool, pytest.raises(DragomanError, match="did not start"):
        list(pool.run([("a", _task("a"))]))


def test_close_ends_busy_workers() -> None:
    pool = Pool(READER, jobs=1)
    running = pool.run([("a", _task("a")), ("hang", _task("TEST-HANG")), ("b", _task("b"))])
    next(running)
    next_processes = [worker.process for worker in pool._all]
    pool.close()
    assert all(process.poll() is not None for process in next_processes)
