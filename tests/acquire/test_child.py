from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from dragoman.acquire.child import Task, answer_task, close_child, read_apart
from dragoman.acquire.item import Item, Limits
from dragoman.errors import EmptyDocumentError
from tests.acquire.acquire_samples import page

HTML = ("dragoman.acquire.html", "read_html")


def read_title(raw: bytes) -> str | None:
    (item,) = read_apart(HTML, raw, source="a.html", limits=Limits(), known=(None, None, None))
    assert isinstance(item, Item)
    return item.title


def test_read_apart_starts_a_new_child_when_there_is_none() -> None:
    assert read_title(page()) == "Ferry agreed"
    close_child()
    assert read_title(page()) == "Ferry agreed"


def test_read_apart_raises_what_the_reader_raised() -> None:
    with pytest.raises(EmptyDocumentError, match=r"a\.html holds no article text"):
        read_title(b"<html><body></body></html>")


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # Python 3.12 warns beside threads
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_read_apart_works_in_workers_of_a_pool(method: str) -> None:
    read_title(page())
    with ProcessPoolExecutor(2, mp_context=get_context(method)) as pool:
        assert list(pool.map(read_title, [page()] * 3)) == ["Ferry agreed"] * 3
    assert read_title(page()) == "Ferry agreed"


def test_answer_task_turns_any_error_into_an_answer() -> None:
    task = Task(
        module="json",
        function="loads",
        raw=b"{",
        source="a",
        charset=None,
        url=None,
        retrieved=None,
        memory=1 << 40,
    )
    answer = answer_task(task)
    assert answer.error == "FormatError"
    assert "a is damaged" in answer.message
