"""The desk in a real browser: silent policy, no outside requests, keys, no script, access rules.

Skipped, with the reason, where Playwright (PyPI) or Debian's chromium is not there.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from dragoman.desk.app import make_desk
from tests import factory
from tests.desk.conftest import TODAY, fill
from tests.show import samples

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
sync_api = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed: pip install '.[dev]'"
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="there is no chromium; on Debian: apt install chromium"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
READING = factory.make_reading()
DOCUMENT, MEETING, PERSON = READING.document.id, READING.engagements[0].id, READING.entities[0].id
REJECTED = samples.make_reading().engagements[-1].id
PAGES = {
    "start": "/",
    "articles": "/articles",
    "article": f"/a/{DOCUMENT}",
    "engagements": "/engagements",
    "engagement": f"/g/{MEETING}",
    "names": "/entities",
    "dossier": f"/e/{PERSON}",
    "said": "/said",
    "claims": "/claims",
    "timeline": "/timeline",
    "network": f"/network?who={PERSON}",
    "map": "/map",
    "search": "/search?q=Vesholt",
    "add": "/add",
    "jobs": "/jobs",
    "history": "/history",
    "keys": "/keys",
    "about": "/about",
    "review": "/review",
    "doubtful": "/review?kind=doubt",
    "who": "/review?kind=who",
    "numbers": "/review?kind=numbers",
    "fix": f"/fix/{MEETING}",
    "split": f"/split/{PERSON}",
    "same": f"/same?one={PERSON}&two={READING.entities[1].id}",
    "which": f"/same?one={PERSON}&two=nobody",
    "settings": "/settings",
    "rejected": f"/g/{REJECTED}",
    "missing": "/e/Vesholt",
    "brief": f"/e/{PERSON}/brief",
    "compare": f"/compare?who={PERSON}&with={READING.entities[1].id}",
    "choose": "/compare?who=Vesholt&with=nobody",
    "counts": "/counts",
}
VIEWS = {"light": (1280, "light"), "dark": (1280, "dark"), "phone": (390, "light")}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running desk on a free port."""
    path: Path = fill(tmp_path_factory.mktemp("browser") / "record.db")
    desk = make_desk(path, clock=lambda: TODAY, reader="fakes:load_reader", workers=0)
    config = uvicorn.Config(desk, host="127.0.0.1", port=0, log_level="critical")
    listener = config.bind_socket()
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's chromium."""
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A page whose console and requests are noted; it must have been silent and have stayed at home."""
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    opened = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    context.close()
    assert [words for words in said if "404" not in words] == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_every_page_is_silent_and_asks_nothing_outside(page: Any) -> None:
    for path in PAGES.values():
        page.goto(path, wait_until="networkidle")
        assert page.locator("h1").count() == 1


@pytest.mark.parametrize("view", VIEWS)
def test_no_page_breaks_a_rule_of_access(browser: Any, address: str, view: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    width, scheme = VIEWS[view]
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    opened = context.new_page()
    broken = []
    for name, path in PAGES.items():
        opened.goto(path)
        found = axe.run(opened, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        broken += [f"{name}: {v['id']} {v['nodes'][0]['html'][:200]}" for v in found]
    context.close()
    assert broken == []


@pytest.mark.parametrize("view", VIEWS)
def test_no_page_is_wider_than_the_window(browser: Any, address: str, view: str) -> None:
    width, scheme = VIEWS[view]
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    opened = context.new_page()
    wide = []
    for name, path in PAGES.items():
        opened.goto(path)
        shown = opened.evaluate("document.documentElement.scrollWidth")
        wide += [f"{name}: {shown}"] if shown > width else []
    context.close()
    assert wide == []


def test_keys_walk_from_the_list_to_the_words_and_back(page: Any) -> None:
    page.goto("/articles")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.locator("tr.sel").count() == 1
    page.keyboard.press("o")
    page.wait_for_url("**/a/*")
    page.goto(f"/a/{DOCUMENT}")
    page.keyboard.press("j")
    assert page.locator(".card.on").get_attribute("data-id") == MEETING
    assert page.locator(".para .lit").first.text_content() == "met"
    assert page.url.endswith(f"#{MEETING}")
    page.keyboard.press("y")
    sync_api.expect(page.locator("#status")).to_have_text("Copied with source and link")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“met” – Lirgate Courier, 5 March 2021, http://") and copied.endswith(MEETING)
    page.keyboard.press("o")
    page.wait_for_url(f"**/g/{MEETING}")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/entities")


def test_keys_can_be_switched_off_and_never_act_in_a_field(page: Any) -> None:
    page.goto("/articles")
    page.keyboard.press("/")
    page.keyboard.type("gap")
    assert page.locator("#q").input_value() == "gap" and page.url.endswith("/articles")
    page.goto("/settings")
    page.uncheck("input[name=has_keys]")
    page.click("text=Keep these")
    page.goto("/articles")
    page.keyboard.press("j")
    assert page.locator("tr.sel").count() == 0


def test_keys_can_be_changed(page: Any) -> None:
    page.goto("/settings")
    page.fill("input[name=key-j]", "v")
    page.click("text=Keep these")
    page.goto("/articles")
    page.keyboard.press("j")
    assert page.locator("tr.sel").count() == 0
    page.keyboard.press("v")
    assert page.locator("tr.sel").count() == 1


def test_words_selected_in_the_text_go_into_the_field(page: Any) -> None:
    page.goto(f"/fix/{MEETING}")
    page.focus("#f-topic input[name=words]")
    page.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.querySelector('.words'), NodeFilter.SHOW_TEXT);
          let text = walker.nextNode();
          while (text && !text.data.includes('seven harbours')) text = walker.nextNode();
          const at = text.data.indexOf('seven harbours');
          getSelection().setBaseAndExtent(text, at, text, at + 14);
          document.dispatchEvent(new MouseEvent('mouseup'));
        }"""
    )
    assert page.locator("#f-topic input[name=words]").input_value() == "seven harbours"
    start = page.locator("#f-topic input[name=start]").input_value()
    assert int(start) == factory.TEXT.index("seven harbours")


def test_link_to_a_fact_opens_on_its_words(page: Any) -> None:
    page.goto(f"/a/{DOCUMENT}#{MEETING}")
    assert page.locator(".card.on").get_attribute("data-id") == MEETING
    assert page.locator(".para .lit").count() == 1


def test_layers_are_switched(page: Any) -> None:
    page.goto(f"/a/{DOCUMENT}")
    before = page.locator(".para .w.person").first.evaluate("el => getComputedStyle(el).backgroundColor")
    page.uncheck("#l-person")
    after = page.locator(".para .w.person").first.evaluate("el => getComputedStyle(el).backgroundColor")
    assert before != after


def test_names_are_found_as_they_are_typed(page: Any) -> None:
    page.goto("/entities")
    page.locator("main input[type=search]").press_sequentially("vesh")
    page.wait_for_url("**q=vesh**")
    sync_api.expect(page.locator("#names [data-row]")).to_have_count(1)
    assert page.locator("main input[type=search]").input_value() == "vesh"


def test_forms_and_lights_work_without_script(browser: Any, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    opened = context.new_page()
    opened.goto("/add")
    opened.fill("textarea[name=text]", "The ministers of the two countries met in Bern and signed nothing.")
    opened.click("form[action='/add/text'] button")
    assert "/jobs/" in opened.url
    opened.goto("/engagements")
    opened.fill("main input[name=who]", "Vesholt")
    opened.click("main form button")
    assert opened.locator("tr[data-row]").count() == 1
    opened.goto(f"/a/{DOCUMENT}")
    opened.click(f".card[data-id='{MEETING}'] .tag, .margin .tag >> nth=0")
    context.close()


def test_form_is_sent_with_an_origin_the_desk_accepts(page: Any) -> None:
    page.goto("/add")
    page.fill("textarea[name=text]", "The ministers of the two countries met in Riga and signed nothing.")
    page.click("form[action='/add/text'] button")
    page.wait_for_url("**/jobs/*")
    page.wait_for_selector("text=1 read")


def test_keys_decide_go_on_and_take_back(page: Any) -> None:
    page.goto(f"/a/{DOCUMENT}#{MEETING}")
    page.keyboard.press("a")
    page.wait_for_selector(f"[data-id='{MEETING}'] .state.accepted")
    assert page.locator(".card.on").get_attribute("data-id") != MEETING
    page.keyboard.press("k")
    page.keyboard.press("u")
    page.wait_for_selector(f"[data-id='{MEETING}'] .state", state="detached")
    page.goto("/history")
    assert page.locator("tr[data-row]").count() == 3


def test_review_is_answered_by_key(page: Any) -> None:
    page.goto("/review?kind=date")
    first = page.locator("input[name=target]").get_attribute("value")
    page.keyboard.press("s")
    sync_api.expect(page.locator(f"input[name=target][value='{first}']")).to_have_count(0)


def test_keys_decide_advance_and_take_back(page: Any) -> None:
    page.goto("/review?kind=date")
    first = page.locator("#question input[name=target]").get_attribute("value")
    page.keyboard.press("s")
    sync_api.expect(page.locator("[data-latest] li").first).to_contain_text("put off")
    assert page.locator(f"#question input[value='{first}']").count() == 0
    page.keyboard.press("Backspace")
    page.keyboard.press("Delete")
    page.keyboard.press("u")
    page.locator(f"#question input[name=target][value='{first}']").wait_for(state="attached")


def test_list_is_saved_from_its_page(page: Any) -> None:
    page.goto(f"/engagements?who={PERSON}")
    page.locator("details.exports summary").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="this list as CSV").click()
    assert waiting.value.suggested_filename == "dragoman-engagements.csv"
    assert MEETING in Path(waiting.value.path()).read_text(encoding="utf-8-sig")
