import gzip
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, settings
from hypothesis import given as given_by
from hypothesis import strategies as st

from dragoman.acquire.item import Payload
from dragoman.acquire.sources import Acquisition, Given, Limits, acquire_source, list_sources
from dragoman.errors import AcquireError, EmptyDocumentError, FetchError, FormatError
from dragoman.record import BlockRole, DateSource, Document
from tests.acquire.acquire_samples import ARTICLE, FOREIGN, feed, page, warc
from tests.acquire.make_pdf import LOCKED, make_pdf

Result = Acquisition | AcquireError
LD = '<script type="application/ld+json">{}</script>'


def read(raw: bytes, **options: object) -> list[Result]:
    return list(acquire_source("-", stdin=raw, **options))  # type: ignore[arg-type]


def read_document(raw: bytes, **options: object) -> Document:
    (result,) = read(raw, **options)
    assert isinstance(result, Acquisition), result
    assert result.document.text
    return result.document


def read_error(raw: bytes, **options: object) -> AcquireError:
    (result,) = read(raw, **options)
    assert isinstance(result, AcquireError), result
    return result


def blocks_of(document: Document) -> list[tuple[str, str]]:
    return [(block.role.value, document.text[block.start : block.end]) for block in document.blocks]


def test_text_is_kept_as_it_is(tmp_path: Path) -> None:
    text = "\n  Ferry agreed after long talks\n\nOrla Venn met Tarik Solm.  \n\n"
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    (result,) = acquire_source(str(path))
    assert isinstance(result, Acquisition)
    assert result.document.text == text
    assert (result.raw, result.media_type, result.source) == (text.encode(), "text/plain", str(path))
    assert result.document.title == "Ferry agreed after long talks"
    assert (result.document.published, result.document.language) == (None, "en")


def test_given_beats_what_is_found() -> None:
    text = b"QUBA, Oct. 9, 2007 (Reed) - They met."
    assert read_document(text).published_source is DateSource.DATELINE
    document = read_document(text, given=Given(published="2007-10-10", publisher="Reed", title="Ferry"))
    assert (document.published, document.published_source) == ("2007-10-10", DateSource.GIVEN)
    assert (document.publisher, document.title) == ("Reed", "Ferry")


def test_given_date_that_is_none_is_said() -> None:
    assert "'soon' is no date" in str(read_error(b"They met.", given=Given(published="soon")))


def test_a_dateline_later_than_today_is_not_believed() -> None:
    assert read_document(b"QUBA, Oct. 9, 2199 (Reed) - They met.").published is None


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings(encoding: str) -> None:
    text = "The envoy of Norland, Zoë Fenn, said “yes” to the café in Quba and to the ferry of the town."
    assert read_document(text.encode(encoding)).text == text


def test_broken_utf8_costs_only_its_letter() -> None:
    raw = "Zoë, Zoë, Zoë, Zoë, Zoë, Zoë, Zoë, Zoë, Zoë, Zoë, Zoë, ".encode() + b"\xff met them."
    assert "Zoë" in read_document(raw).text


@pytest.mark.parametrize(
    ("raw", "kind", "words"),
    [
        (b"", EmptyDocumentError, "is empty"),
        (b" \n\t \n", EmptyDocumentError, "only white space"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", FormatError, "binary"),
        (b"PK\x03\x04" + bytes(range(32)) * 4, FormatError, "binary"),
        (b"\xff\xfea\x00b", FormatError, "UTF-8"),
        (b"w" * 50_000_001, FormatError, "50000000 bytes"),
        (b"word " * 1_200_000, FormatError, "5000000"),
        (b"word " * 400_000, FormatError, "line of 2000000"),
        (FOREIGN.encode(), AcquireError, "reads English only, this looks like Azerbaijani; pass --force"),
        (b"<html><div id=app></div><script>var x = 1;</script></html>", EmptyDocumentError, "scripts"),
        (b"<?xml version='1.0'?><ledger><row/></ledger>", FormatError, "neither a page nor a feed"),
        (b'[\n {"text": "They met."},\n {"text": "They left."}\n]', FormatError, "one object a line"),
        (feed(""), EmptyDocumentError, "without entries"),
        (make_pdf([["Secret"]], trailer=LOCKED), FormatError, "password"),
        (make_pdf([[]]), EmptyDocumentError, "it needs OCR"),
        (b"%PDF-1.4 nothing more", FormatError, "damaged"),
        (gzip.compress(ARTICLE.encode() * 50)[:-20], FormatError, "truncated"),
        (gzip.compress(bytes(60_000_000)), FormatError, "50000000 bytes"),
        (warc()[:30], FormatError, "truncated"),
        (b"WARC/1.0\r\n\r\n", FormatError, "truncated"),
    ],
    ids=str.split(
        "empty blank png zip utf16 huge long-text long-line foreign scripts xml json feed locked scan pdf "
        "gzip bomb warc "
        "warc-head"
    ),
)
def test_bad_input_is_one_clear_line(raw: bytes, kind: type[AcquireError], words: str) -> None:
    error = read_error(raw)
    assert type(error) is kind
    assert words in str(error)
    assert "standard input" in str(error)
    assert "\n" not in str(error)


def test_force_reads_another_language() -> None:
    assert read_document(FOREIGN.encode(), limits=Limits(force_language=True)).language == "az"


@pytest.mark.parametrize("text", ["Əliyev Məmmədovla görüşdü.", f"{ARTICLE} Məmmədov, פנחס, Мамедов, 王毅."])
def test_short_texts_and_foreign_names_are_read(text: str) -> None:
    assert read_document(text.encode()).language == "en"


def test_a_page_gives_its_parts() -> None:
    document = read_document(page())
    assert blocks_of(document) == [
        ("headline", "Ferry agreed"),
        ("byline", "By Jane Roe"),
        ("caption", "Orla Venn and Tarik Solm"),
        ("credit", "Photo: Embassy of Norland"),
        ("body", document.text.split("\n\n")[4]),
        ("caption", "The ferry at the pier."),
        ("credit", "(Reed Photo/Max Pell)"),
        ("body", document.text.split("\n\n")[7]),
        ("boilerplate", "Read also: The school of Quba"),
    ]
    assert (document.title, document.publisher) == ("Ferry agreed", "Reed Post")


def test_a_caption_without_a_class_is_known_by_its_credit() -> None:
    shown = "<div class=x7><img src=b.jpg><span>The school</span><span>Photo: Town of Quba</span></div>"
    blocks = blocks_of(read_document(page(shown=shown)))
    assert ("caption", "The school") in blocks
    assert ("credit", "Photo: Town of Quba") in blocks


@pytest.mark.parametrize(
    ("head", "shown", "expected"),
    [
        (LD.format('{"@type": "NewsArticle", "datePublished": "2021-05-03T08:00:00Z"}')
         + '<meta name="date" content="2020-01-01">', "", ("2021-05-03", DateSource.JSON_LD)),
        ('<meta name="pubdate" content="2021-05-04">', "", ("2021-05-04", DateSource.META)),
        ("", '<time datetime="2021-05-05">5 May</time>', ("2021-05-05", DateSource.TIME_ELEMENT)),
        ("", '<p class="updated">Updated <time datetime="2021-06-05">June</time></p>', (None, None)),
        ("", '<span class="date">May 6, 2021</span>', ("2021-05-06", DateSource.DATELINE)),
        ("", '<p class="date">Today: Nov 23, 2021</p>', (None, None)),
        ('<link rel="canonical" href="https://r.example/2021/05/07/a">', "", ("2021-05-07", DateSource.URL)),
        ('<meta property="article:published_time" content="2199-05-04">', "", (None, None)),
        (LD.format('{"@type": ['), "", (None, None)),
    ],
)  # fmt: skip
def test_the_date_of_a_page(head: str, shown: str, expected: tuple[str | None, DateSource | None]) -> None:
    document = read_document(page(head, shown))
    assert (document.published, document.published_source) == expected


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li"])
def test_a_page_nested_100000_deep_keeps_its_words(tag: str) -> None:
    raw = f"<html><body>{f'<{tag}>' * 100_000}<p>{ARTICLE}</p></body></html>".encode()
    assert "Orla Venn" in read_document(raw).text


def test_a_page_that_takes_too_long_is_given_up() -> None:
    long = page(shown=f"<p>{ARTICLE}</p>" * 5000)
    error = read_error(long, limits=Limits(page_seconds=0.01))
    assert "within 0.01 seconds" in str(error)
    assert read_document(page()).title  # and the next one is read


def test_a_pdf_is_joined_to_paragraphs() -> None:
    lines = [
        "Ferry agreed",
        "The envoy of Norland met the governor of Quba on Tuesday to speak about the fer-",
        "ry and the school, and they agreed that both would be opened before the winter.",
        "They shook hands.",
        "On Friday the envoy left for the coast, where another meeting was to take place.",
    ]
    text = read_document(make_pdf([lines])).text
    assert text.split("\n\n")[:2] == [
        "Ferry agreed",
        "The envoy of Norland met the governor of Quba on Tuesday to speak about the ferry and the school, "
        "and they agreed that both would be opened before the winter. They shook hands.",
    ]


def test_json_lines_read_around_a_broken_line() -> None:
    raw = b"\xef\xbb\xbf" + (
        b'{"id": 7, "text": " One. ", "title": "T", "published": "2021-05-22T10:00:00Z", "publisher": "R"}\n'
        b'{"text": "Two"\n\n{"no": "text"}\n{"text": ""}\n{"text": "Three \\ud800", "published": "soon"}'
    )
    results = read(raw)
    first, second, third, fourth, fifth = results
    assert isinstance(first, Acquisition)
    assert (first.document.text, first.document.title, first.document.published) == (
        " One. ",
        "T",
        "2021-05-22",
    )
    for result, line in ((second, 2), (third, 4), (fourth, 5), (fifth, 6)):
        assert f"line {line} " in str(result)


def test_json_lines_date_that_is_none_is_none() -> None:
    assert read_document(b'{"text": "They met.", "published": "soon"}').published is None


def test_json_lines_stop_at_the_limit() -> None:
    assert len(read(b'{"text": "They met."}\n' * 10, limits=Limits(max_records=3))) == 3


def test_truncated_json_lines_keep_what_came_before() -> None:
    rows = b"".join(b'{"text": "They met %s."}\n' % os.urandom(40).hex().encode() for _ in range(500))
    results = read(gzip.compress(rows)[:-4000])
    assert sum(isinstance(result, Acquisition) for result in results) > 100
    assert "truncated" in str(results[-1])


def test_feed_entries_are_documents_or_links() -> None:
    full, link = read(feed(
        "<item><title>Ferry</title><link>https://r.example/a</link>"
        "<pubDate>Tue, 03 May 2022 23:30:00 +0400</pubDate>"
        f"<description>&lt;p&gt;{ARTICLE}&lt;/p&gt;&lt;p&gt;{ARTICLE}&lt;/p&gt;</description></item>"
        "<item><title>School</title><link>https://r.example/b</link></item>"
    ))  # fmt: skip
    assert isinstance(full, Acquisition)
    document = full.document
    assert (document.published, document.published_source) == ("2022-05-03", DateSource.FEED)
    assert (document.title, document.url, document.publisher) == ("Ferry", "https://r.example/a", "Reed")
    assert document.text == f"Ferry\n\n{ARTICLE}\n\n{ARTICLE}"
    assert isinstance(link, FetchError)
    assert "https://r.example/b" in str(link)


def test_feed_links_are_followed_up_to_the_limit(server: str) -> None:
    limits = Limits(allow_private=True, max_links=2)
    first, _, third = acquire_source(f"{server}/feed", limits=limits)
    assert isinstance(first, Acquisition)
    assert (first.document.title, first.document.published) == ("Ferry agreed", "2022-09-22")
    assert "limit of 2" in str(third)


def test_an_address_is_fetched_through_the_gate(server: str) -> None:
    (refused,) = acquire_source(f"{server}/page")
    assert isinstance(refused, FetchError)
    (found,) = acquire_source(f"{server}/page", limits=Limits(allow_private=True))
    assert isinstance(found, Acquisition)
    assert found.document.url == f"{server}/page"
    assert b"<html>" in found.raw


def test_fetch_can_be_given() -> None:
    (found,) = acquire_source("https://r.example/", fetch=lambda url: Payload(raw=ARTICLE.encode(), url=url))
    assert isinstance(found, Acquisition)
    assert found.document.url == "https://r.example/"


@pytest.mark.parametrize("packed", [True, False])
def test_warc_pages_are_read(packed: bool) -> None:
    first, second = read(warc(packed))
    assert isinstance(first, Acquisition)
    assert isinstance(second, Acquisition)
    assert (first.document.url, first.document.published) == ("https://r.example/0", None)
    assert first.source == "-:https://r.example/0"


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("cut", [10, 300, 700])
def test_truncated_warc_keeps_what_came_before_and_says_so(packed: bool, cut: int) -> None:
    first, *_, last = read(warc(packed)[:-cut])
    assert isinstance(first, Acquisition)
    assert "truncated" in str(last)


def test_a_date_later_than_the_crawl_is_not_believed() -> None:
    head = '<meta property="article:published_time" content="2023-05-04">'
    (found,) = read(warc(True, [page(head)]))
    assert isinstance(found, Acquisition)
    assert found.document.published is None


def test_markdown_loses_its_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: Ferry\ndate: 2021-05-03\n---\n# Ferry agreed\n\n"
        "**Orla Venn** met [Tarik Solm](https://r.example/t) "
        "_again_.\n\n![The ferry](a.png)\n",
        encoding="utf-8",
    )
    (found,) = acquire_source(str(path))
    assert isinstance(found, Acquisition)
    assert found.document.text.strip() == "Ferry agreed\n\nOrla Venn met Tarik Solm again.\n\nThe ferry"
    assert (found.document.title, found.document.published) == ("Ferry", "2021-05-03")


def test_files_that_cannot_be_opened_are_said(tmp_path: Path) -> None:
    for source, words in (
        (str(tmp_path / "no.txt"), "no file"),
        (str(tmp_path), "folder"),
        ("a\0b", "cannot be read"),
    ):
        (error,) = acquire_source(source)
        assert isinstance(error, AcquireError)
        assert words in str(error)


def test_list_sources_expands_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.html", "sub/c.warc.gz", "skip.png", ".hidden/d.txt", "sub/[e].txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    folder = str(tmp_path)
    inside = [f"{folder}/{name}" for name in ("a.html", "b.txt", "sub/[e].txt", "sub/c.warc.gz")]
    assert list_sources([folder]) == tuple(inside)
    assert list_sources([f"{folder}/*.txt", folder]) == (inside[1], inside[0], *inside[2:])
    assert list_sources([f"{folder}/**/*.txt"]) == (inside[1], inside[2])
    assert list_sources([inside[2], "-", "https://r.example/*", "no*.txt", "-"]) == (
        inside[2], "-", "https://r.example/*", "no*.txt",
    )  # fmt: skip


def test_a_text_run_loads_no_heavy_library() -> None:
    code = (
        "import sys; from dragoman.acquire.sources import acquire_source\n"
        f"assert len(list(acquire_source('-', stdin={ARTICLE.encode()!r}))) == 1\n"
        "heavy = {'trafilatura', 'lxml', 'feedparser', 'httpx2', 'py3langid', 'pypdfium2', 'warcio'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert done.stdout == "[]\n"


STARTS = (
    b"",
    b"%PDF-1.4\n",
    b"<html><p>",
    b"<rss><channel>",
    b"WARC/1.0\r\n",
    b'{"text":',
    b"\x1f\x8b\x08",
    b"\xff\xfe",
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given_by(st.sampled_from(STARTS), st.binary(max_size=200) | st.text(max_size=80).map(str.encode))
@example(b"", b"\xef\xbb\xbf")
@example(b"", b"{")
def test_any_bytes_give_documents_or_errors(start: bytes, rest: bytes) -> None:
    for result in read(start + rest):
        if isinstance(result, Acquisition):
            assert result.document.text.strip()
            assert all(block.role in BlockRole for block in result.document.blocks)
        else:
            assert isinstance(result, AcquireError)
            assert "\n" not in str(result)


@settings(max_examples=60, deadline=None)
@given_by(st.integers(0, 2000), st.integers(0, 2000), st.binary(min_size=1, max_size=6))
def test_a_damaged_warc_gives_documents_or_errors(start: int, length: int, patch: bytes) -> None:
    whole = warc(False)
    for result in read(whole[:start] + patch + whole[start + length :]):
        assert isinstance(result, Acquisition | AcquireError)


def test_raw_bytes_of_a_stream_are_kept() -> None:
    (found,) = acquire_source("-", stdin=io.BytesIO(page()).getvalue())
    assert isinstance(found, Acquisition)
    assert found.raw == page()
