"""An article out of an HTML page: title, byline, captions and credits, body, date and publisher.

trafilatura finds the body but drops captions and credits and believes any clock on the page. So the
captions come from an own pass and are put back where they stood, and the date from an own order:
JSON-LD, meta, `time`, dateline, address. Runs in the child process (see `child.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from dragoman.acquire.blocks import MAX_CAPTION, find_credit_start, is_byline
from dragoman.acquire.decode import decode_text
from dragoman.acquire.item import Item
from dragoman.acquire.page_facts import PageFacts, find_page_facts
from dragoman.errors import EmptyDocumentError, FormatError
from dragoman.record import BlockRole

Line = tuple[str, BlockRole | None]

MIN_PARAGRAPH = 40  # characters of a <p> that the fallback takes for article text
MAX_PAGE = 10_000_000  # characters of mark-up; the largest of 200 sampled pages had 2 million
CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:figcaption|caption|photo-?desc\w*)(?:$|[\s_-])|caption-?text", re.IGNORECASE
)
CREDIT_CLASS = re.compile(
    r"(?:photo|image|media|picture|caption)?[-_]?(?:credits?|copyright|photographer)\b", re.IGNORECASE
)
BYLINE_CLASS = re.compile(r"\b(?:byline|author|by-line|article-author)\b", re.IGNORECASE)
ASIDE_CLASS = re.compile(
    r"related|recommend|promo|teaser|sidebar|footer|most-?read|newsletter", re.IGNORECASE
)
ASIDE_TAGS = {"nav", "aside", "footer", "template", "noscript"}
DEEP_TAGS = re.compile(
    r"<(?!/?(?:p|h[1-6]|title|meta|script|style|time|figcaption|article|html|head|body)\b)[^<>]*>",
    re.IGNORECASE,
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset=[\"']?([\w-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w-]+)", re.IGNORECASE
)


def read_html(
    raw: bytes,
    *,
    source: str,
    charset: str | None = None,
    url: str | None = None,
    retrieved: str | None = None,
) -> tuple[Item, ...]:
    """The one article of a page; raises EmptyDocumentError where the page holds no article text."""
    declared = charset or find_charset(raw)
    markup = decode_text(raw, source=source, declared=declared)
    if len(markup) > MAX_PAGE:
        raise FormatError(
            f"{source} is a page of {len(markup) // 1_000_000} MB; save its text as a .txt file",
            source=source,
        )
    tree = parse_page(markup, source)
    facts = find_page_facts(tree, url=url, retrieved=retrieved)
    lines = find_lines(tree, facts)
    if not any(role is None for _, role in lines):
        raise EmptyDocumentError(
            f"{source} holds no article text; pages built by scripts cannot be read: "
            "open it in a browser and save the text",
            source=source,
        )
    facts = facts.complete("\n\n".join(text for text, _ in lines), url=url, retrieved=retrieved)
    return (
        Item(
            text="\n\n".join(text for text, _ in lines),
            roles=tuple(role for _, role in lines),
            title=facts.title,
            published=facts.published,
            published_source=facts.published_source,
            publisher=facts.publisher,
            url=url or facts.url,
        ),
    )


def find_charset(raw: bytes) -> str | None:
    """The encoding the first bytes of a page declare, or None."""
    found = _CHARSET.search(raw[:4096])
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def parse_page(markup: str, source: str) -> etree._Element:
    """The page as a tree. A page nested deeper than the parser goes loses its layout, not its text."""
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup.replace("\x00", ""))
    tree, too_deep = _parse(markup)
    if too_deep:
        tree, too_deep = _parse(DEEP_TAGS.sub(" ", markup))
    if tree is None:
        raise EmptyDocumentError(
            f"{source} is a page without any text; save it again or as text", source=source
        )
    return tree


def _parse(markup: str) -> tuple[etree._Element | None, bool]:
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = lxml_html.document_fromstring(markup, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        tree = None
    deep = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    return tree, deep


def find_lines(tree: etree._Element, facts: PageFacts) -> list[Line]:
    """The lines of the article with the roles the mark-up tells: headline, byline, captions, body."""
    captions = find_captions(tree)
    order = _list_paragraphs(tree)
    body = extract_body(tree)
    byline = _find_byline(tree)
    shown = {facts.title, facts.heading, byline}
    for _, group in captions:
        words = [text for text, _ in group]
        shown.update((*words, "".join(words), " ".join(words)))
    kept = [line for line in body if line not in shown]
    lines: list[Line] = []
    if facts.title:
        lines.append((facts.title, BlockRole.HEADLINE))
    if byline:
        lines.append((byline, BlockRole.BYLINE))
    return lines + _place_captions(kept, captions, order)


def extract_body(tree: etree._Element) -> list[str]:
    """The paragraphs of the article, by trafilatura, or all longer paragraphs where it finds none."""
    from trafilatura import extract

    text = (
        extract(lxml_html.tostring(tree, encoding="unicode"), include_comments=False, include_tables=False)
        or ""
    )
    lines = [_squeeze(line) for line in text.splitlines() if line.strip()]
    if len(" ".join(lines)) >= MIN_PARAGRAPH:
        return lines
    return _collect_paragraphs(tree) or lines


def _collect_paragraphs(tree: etree._Element) -> list[str]:
    found = [_text(node) for node in tree.iter("p") if not _is_aside(node)]
    long = [text for text in found if len(text) >= MIN_PARAGRAPH]
    if long:
        return long
    for node in list(tree.iter("script", "style", "nav", "footer", "noscript", "title", "template")):
        node.drop_tree()
    bodies = tree.xpath("//body") or [tree]
    return [_squeeze(line) for line in bodies[0].xpath("string()").splitlines() if line.strip()]


def find_captions(tree: etree._Element) -> list[tuple[int, list[Line]]]:
    """Captions and credits with their place in the page, each once, without those of other articles."""
    found: list[tuple[int, list[Line]]] = []
    seen: set[str] = set()
    taken: set[etree._Element] = set()
    for place, node in enumerate(tree.iter(etree.Element)):
        if any(parent in taken for parent in node.iterancestors()) or not _is_caption(node):
            continue
        taken.add(node)
        lines = [line for line in _part_caption(node) if line[0] not in seen]
        if lines and not _is_aside(node):
            seen.update(text for text, _ in lines)
            found.append((place, lines))
    return found


def _is_caption(node: etree._Element) -> bool:
    if node.tag == "figcaption":
        return True
    if node.tag in ("div", "p", "span", "td", "em", "small") and _tells_credit(node):
        return True
    named = f"{node.get('class', '')} {node.get('itemprop', '')}"
    if node.tag in ("html", "body", "main", "article", "section", "a", "button") or not named.strip():
        return False
    return bool(CAPTION_CLASS.search(named) or CREDIT_CLASS.fullmatch(named.strip())) and not node.xpath(
        ".//p[2]"
    )


def _tells_credit(node: etree._Element) -> bool:
    """Whether an element without blocks in it holds a credit by its words, whatever its class."""
    if len(node) > 10 or node.xpath(".//p | .//div | .//ul | .//h1 | .//table"):
        return False
    return find_credit_start(_text(node)) is not None


def _part_caption(node: etree._Element) -> Iterable[Line]:
    """The caption, then its credit; the credit is an element of its own or the words tell it."""
    marked = [
        child for child in node.iterdescendants(etree.Element) if CREDIT_CLASS.search(child.get("class", ""))
    ]
    own = _text(marked[0]) if marked else ""
    whole = _text(node)
    if not whole or len(whole) > MAX_CAPTION or _is_only_link(node, whole):
        return
    if own and own != whole and own in whole:
        yield from _role_lines(_squeeze(whole.replace(own, " ", 1)))
        yield own, BlockRole.CREDIT
    elif CREDIT_CLASS.search(node.get("class", "")) and not CAPTION_CLASS.search(node.get("class", "")):
        yield whole, BlockRole.CREDIT
    else:
        yield from _role_lines(whole)


def _role_lines(words: str) -> Iterable[Line]:
    cut = find_credit_start(words)
    if cut != 0 and (caption := words[:cut].strip()):
        yield caption, BlockRole.CAPTION
    if cut is not None:
        yield words[cut:], BlockRole.CREDIT


def _is_only_link(node: etree._Element, whole: str) -> bool:
    """A caption that is one link announces another article."""
    return any(_text(link) == whole for link in node.iterdescendants("a"))


def _is_aside(node: etree._Element) -> bool:
    for parent in (node, *node.iterancestors()):
        if parent.tag in ASIDE_TAGS:
            return True
        if parent.tag not in ("html", "body") and ASIDE_CLASS.search(parent.get("class", "")):
            return True
    return False


def _list_paragraphs(tree: etree._Element) -> list[tuple[int, str]]:
    """Place and first words of every paragraph, to find again where a line of the body stood."""
    tags = {"p", "li", "blockquote", "h2", "h3", "h4", "div"}
    return [
        (place, _key(_text(node)))
        for place, node in enumerate(tree.iter(etree.Element))
        if node.tag in tags and (node.tag != "div" or not len(node))
    ]


def _place_captions(
    body: Sequence[str], captions: Sequence[tuple[int, list[Line]]], order: Sequence[tuple[int, str]]
) -> list[Line]:
    """The body with every caption after the paragraph it followed, or first where it followed none."""
    places = {words: place for place, words in reversed(order) if words}
    lines: list[Line] = []
    waiting = list(captions)
    for index, line in enumerate(body):
        place = places.get(_key(line))
        while waiting and ((index == 0 and place is None) or (place is not None and waiting[0][0] < place)):
            lines.extend(waiting.pop(0)[1])
        lines.append((line, None))
    for _, group in waiting:
        lines.extend(group)
    return lines


def _find_byline(tree: etree._Element) -> str | None:
    for node in tree.iter(etree.Element):
        if BYLINE_CLASS.search(node.get("class", "")) and not _is_aside(node) and is_byline(_text(node)):
            return _text(node)
    return None


def _key(text: str) -> str:
    return re.sub(r"^\W+", "", text)[:60]


def _text(node: etree._Element) -> str:
    """The words of an element; blocks and line breaks inside it part words, spans do not."""
    if node.xpath(".//br | .//p | .//div"):
        return _squeeze(" ".join(node.itertext()))
    return _squeeze(str(node.xpath("string()")))


def _squeeze(text: str) -> str:
    return " ".join(text.split())
