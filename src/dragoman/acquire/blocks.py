"""Typed blocks over a stored text: what every non-blank line is for.

Works on words alone, so that plain text and extracted pages get the same treatment; a format that
knows more (a `figcaption`) says so. Precision over recall: whatever is not plainly something else is
body, because a caption read as body costs little and a paragraph dropped as a menu costs facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from dragoman.acquire.dates import DAY, FULL_DATE, MONTHS, SHORT_DATE, WEEKDAY, YEAR, parse_day
from dragoman.record import Block, BlockRole

MAX_HEADLINE = 200  # characters; longer first lines are paragraphs
MAX_CAPTION = 600  # characters
MAX_CREDIT = 120  # characters
MAX_BYLINE = 100  # characters
MAX_DATELINE = 110  # characters, of a whole line or of the prefix of a paragraph
MAX_FURNITURE = 160  # characters of a menu line, "Read also" and the like
HEAD_LINES = 8  # lines in which a headline, byline or date line may stand
WRAP_WIDTH = range(45, 101)  # characters of a line that was broken at a margin, as in old wire copy

NAME = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.\-]*"
_SEPARATOR = r"(?:\s*[—–]+|\s*--+|\s+-|\s*:\s*-)(?=\s|$|[A-ZÀ-Þ\"“'‘])"
_PLACE = rf"{NAME}(?: (?:{NAME}|de|la|el|al|of|the|and)){{0,4}}"
_WHEN = rf"(?:(?:{WEEKDAY},? )?(?:{FULL_DATE}|{SHORT_DATE},? {YEAR}|{SHORT_DATE}|{DAY}\.{DAY})|{WEEKDAY})"
_AGENCY = r"\([A-Z][\w .,&'’/\-]{1,40}\)"
_CREDIT_WORDS = (
    r"(?:(?:file |handout )?(?:photos?|photographs?|images?|pictures?|pic)"
    r"(?: (?:credit|courtesy|source|copyright)s?(?: of| by)?| by)?|credits?|photo illustration)"
)
_FURNITURE_START = (
    r"(?:read (?:also|more|next|too)|also read|see also|related(?: (?:articles?|stories|news|topics))?|"
    r"more (?:on this|stories|news|from)|recommended|most read|trending|you may also like|"
    r"subscribe|sign up|share (?:this|on|via)|follow us|like us|join us|advertisement|sponsored|"
    r"(?:this (?:article|story|piece) )?(?:was )?(?:originally|first) (?:published|appeared)|"
    r"copyright|©|\(c\)|all rights reserved|accept (?:all )?cookies|cookie|skip to|home|menu|search|log ?in|"
    r"tags?|topics|filed under|print|e-?mail|tweet|facebook|whatsapp|telegram|leave a (?:reply|comment)|"
    r"click here|the post .+ appeared first on|donate|support our|newsletter|terms of|privacy policy|"
    r"for (?:immediate )?release|for immediate publication|notes? to editors|loading)"
)
_COOKIES = r"(?:we|this (?:web)?site|our (?:web)?site|our partners) (?:and our partners )?uses? cookies"

CREDIT_HINT = re.compile("photo|image|pic|credit|courtesy|/", re.IGNORECASE)  # spares the rest the search
CREDIT_START = re.compile(
    rf"\(?{_CREDIT_WORDS}\s*[:/|]\s*\S|\(?photos? (?:by|courtesy) {NAME}", re.IGNORECASE
)
CREDIT_LINE = re.compile(
    rf"\(?(?:AP|Reuters|REUTERS|AFP|EPA|Getty(?: Images)?|Xinhua|Anadolu)(?: Photo| Images)?\s*/\s*{NAME}"
)
GLUED_CREDIT = re.compile(
    rf"(?<=[a-zß-öø-ÿ.)”\"'’])(?:(?:File )?(?:Photos?|Photograph|Image|Picture|Credit)"
    rf"(?: (?:credit|courtesy)(?: of)?| by)?\s*:|Photo (?:by|courtesy of|credit) (?={NAME}))"
)
SPACED_CREDIT = re.compile(
    r"(?<=[.!?)”\"’\w]) +(?:\((?=[^()]{0,110}\)\W*$))?"
    rf"(?={_CREDIT_WORDS}\s*[:/] ?\S|\(?\w{{2,10}} photos?/)",
    re.IGNORECASE,
)
CAPTION_START = re.compile(
    r"(?:caption|pictured|photos?)\s*:|file photo\b|(?:pictured|from left)\b[ ,(:]|\(l(?:eft)?[- ]r|"
    r"in this (?:file |handout )?photo\b",
    re.IGNORECASE,
)
BYLINE = re.compile(
    rf"(?:by|BY|By|From|Written by|Reporting by|Story by|\(Reporting by)\:? "
    rf"(?P<names>{NAME}(?:[ ,;|/&–—-]+(?:{NAME}|and|with|in|for|of|the|at|de|van|von|bin|al|editing by))*)"
    r"[.)]?"
)
FROM_OURS = re.compile(r"(?:By|From) (?:our|a|a staff) [\w' ]{3,60}", re.IGNORECASE)
DATE_LINE = re.compile(
    rf"(?:(?:published|posted|released|date|last updated|updated)(?: on| at)?:? )?"
    rf"(?:{WEEKDAY},? )?{FULL_DATE}(?:[ ,|–—-]+[\w:.+, ]{{0,30}})?",
    re.IGNORECASE,
)
PLACE_DATE_LINE = re.compile(rf"{_PLACE}(?:, {_PLACE})?, (?:{WEEKDAY},? )?(?i:{FULL_DATE})\.?")
DATELINE = re.compile(
    rf"(?P<place>{_PLACE})(?P<land>, {_PLACE})?(?P<when>[,.]? ?,? (?i:{_WHEN})\.?)?"
    rf"(?P<agency>[,.]? {_AGENCY}\.?)?(?P<bare>\. [A-Z]{{2,}}\.?)?{_SEPARATOR}"
)
FURNITURE = re.compile(rf"\W*(?:{_FURNITURE_START})\b", re.IGNORECASE)
FURNITURE_ALONE = re.compile(
    r"\W*(?:home|menu|search|log ?in|print|e-?mail|tweet|facebook|whatsapp|telegram|comments?|loading|"
    r"advertisement|related|recommended|trending|newsletter|donate|cookies?|sponsored|subscribe|ends?)"
    r"\W*\d*\W*",
    re.IGNORECASE,
)
NEEDS_MORE = re.compile(
    r"\W*(?:home|menu|search|log ?in|print|e-?mail|tweet|facebook|whatsapp|telegram|loading|donate|"
    r"recommended|trending|related|newsletter|tags?|topics|advertisement|sponsored|subscribe|cookie|copyright|"
    r"follow us|like us|join us|support our|more (?:news|stories|from)|also read|sign up)\b",
    re.IGNORECASE,
)
COOKIES = re.compile(_COOKIES, re.IGNORECASE)
RIGHTS = re.compile(r"(?:©|\(c\)|copyright).{0,80}(?:\d{4}|rights)|all rights reserved\W*$", re.IGNORECASE)
END_MARK = re.compile(r"(?:#{2,}|-? ?30 ?-?|\*{3,}|ENDS?\.?)")
_SENTENCE_END = re.compile(r"[.!…]['\"”’)\]]*$")


def find_blocks(
    text: str, *, title: str | None = None, roles: Sequence[BlockRole | None] = ()
) -> tuple[Block, ...]:
    """Find the role of every non-blank line, with caption and credit, dateline and body apart.

    `roles` has one entry for each non-blank line, None where the words decide; empty means they
    decide everywhere. Lines broken at a margin, as in old wire copy, are joined to one body block.

    >>> text = "The envoy with a friendPhoto: Embassy\\n\\nQUBA (Reed) — They met."
    >>> for block in find_blocks(text):
    ...     print(block.role.value, text[block.start : block.end])
    caption The envoy with a friend
    credit Photo: Embassy
    dateline QUBA (Reed) —
    body They met.
    """
    lines = list(_find_lines(text))
    told = list(roles) if len(roles) == len(lines) else [None] * len(lines)
    words = [text[start:end] for start, end in lines]
    headline = None if BlockRole.HEADLINE in told else _find_headline(words, title)
    found = [
        block
        for index, (start, end) in enumerate(lines)
        for block in _split_line(words[index], start, end, told[index] or _find_role(words, index, headline))
    ]
    return tuple(_join_wrapped(text, found)) if _is_wrapped(words) else tuple(found)


def _find_lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every non-blank line, without the white space around it."""
    for line in re.finditer(r"[^\n]+", text):
        words = line.group()
        if stripped := words.strip():
            start = line.start() + len(words) - len(words.lstrip())
            yield start, start + len(stripped)


def _find_role(words: Sequence[str], index: int, headline: int | None) -> BlockRole:
    """The role of one line from its words and its place; BODY where nothing is plain."""
    line = words[index]
    if role := _find_plain_role(line):
        return role
    if index < HEAD_LINES or index >= len(words) - 3:
        if is_byline(line):
            return BlockRole.BYLINE
        if index < HEAD_LINES and is_date_line(line):
            return BlockRole.DATELINE
    if line in words[:index][:3] and index < 3:
        return BlockRole.CAPTION  # the alternative text of a picture, or its caption, repeats the title
    return BlockRole.HEADLINE if index == headline else BlockRole.BODY


def _find_plain_role(line: str) -> BlockRole | None:
    """A role the words of the line alone settle."""
    if is_furniture(line):
        return BlockRole.BOILERPLATE
    if find_credit_start(line) == 0:
        return BlockRole.CREDIT
    if find_credit_start(line) or (CAPTION_START.match(line) and len(line) <= MAX_CAPTION):
        return BlockRole.CAPTION
    return None


def _split_line(line: str, start: int, end: int, role: BlockRole) -> Iterator[Block]:
    """The blocks of one line: a caption parts from its credit, a dateline from its paragraph."""
    if role is BlockRole.CAPTION and (cut := find_credit_start(line)):
        caption = line[:cut].rstrip()
        yield Block(start=start, end=start + len(caption), role=role)
        yield Block(start=start + cut, end=end, role=BlockRole.CREDIT)
    elif role is BlockRole.BODY and (cut := find_dateline_end(line)):
        yield Block(start=start, end=start + cut, role=BlockRole.DATELINE)
        rest = start + len(line) - len(line[cut:].lstrip())
        if rest < end:
            yield Block(start=rest, end=end, role=BlockRole.BODY)
    else:
        yield Block(start=start, end=end, role=role)


def find_credit_start(line: str) -> int | None:
    """Where the credit of a caption begins: 0 for a line that is a credit, None where there is none.

    >>> find_credit_start("Guests in QubaPhoto: Reed Agency")
    14
    """
    if len(line) > MAX_CAPTION or not CREDIT_HINT.search(line):
        return None
    if (CREDIT_START.match(line) or CREDIT_LINE.match(line)) and _is_credit(line):
        return 0
    if (glued := GLUED_CREDIT.search(line)) and len(line) - glued.start() <= MAX_CREDIT:
        return glued.start()
    for spaced in SPACED_CREDIT.finditer(line):
        cut = spaced.start() + len(spaced.group()) - len(spaced.group().lstrip())
        apart = line[spaced.start() - 1] in '.!?)”"’' or line[cut] == "(" or "/" in line[cut : cut + 16]
        if apart and _is_credit(line[cut:]):
            return cut
    return None


def _is_credit(words: str) -> bool:
    """A credit names who took the picture; a sentence after "Photo:" tells what it shows."""
    inner = words.strip("()").rstrip(".")
    name = re.split(r"[:/]", inner, maxsplit=1)[-1].strip()
    plain = sum(1 for word in name.split() if word[0].islower() and len(word) > 3)
    return (
        len(words) <= MAX_CREDIT and len(name.split()) <= 12 and plain <= 2 and not name.endswith((".", "?"))
    )


def is_furniture(line: str) -> bool:
    """Whether the line is the page's and not the article's: menus, "Read also", cookie notices.

    Words an article may begin with ("Home to 3,000 people", "Print runs") count only alone or
    with a mark after them.
    """
    if FURNITURE_ALONE.fullmatch(line) or END_MARK.fullmatch(line):
        return True
    if COOKIES.search(line) or (len(line) <= MAX_FURNITURE and RIGHTS.search(line)):
        return True
    if _is_menu(line):
        return True
    if len(line) > MAX_FURNITURE or not FURNITURE.match(line):
        return False
    weak = NEEDS_MORE.match(line)
    if not weak:
        return not (_SENTENCE_END.search(line) and re.match(r"(?i)search|home|skip", line))
    return bool(re.match(r"\s*[:|>»›&]", line[weak.end() :])) or (
        line[0].isupper()
        and bool(re.match(r" (?:to|for|on) (?:our|us|the) ", line[weak.end() :] + " "))
        and not re.match(r"(?i)home", line)
    )


def _is_menu(line: str) -> bool:
    """Three or more short items between bars or arrows."""
    items = [item.strip() for item in re.split(r"[|»›>•·]", line)]
    return len(items) >= 4 and all(len(item) <= 30 for item in items) and not re.search(r"\d", line)


def is_byline(line: str) -> bool:
    """Whether the line only says who wrote; "By Friday" and sentences do not.

    >>> is_byline("By Jane Roe and John Dow"), is_byline("By Friday"), is_byline("By then they left.")
    (True, False, False)
    """
    if len(line) > MAX_BYLINE or (line.endswith(".") and not re.search(r"\b[A-Z]\.$", line)):
        return False
    if FROM_OURS.fullmatch(line):
        return True
    found = BYLINE.fullmatch(line)
    if not found or (line.startswith("From ") and "," not in line):
        return False
    first = re.split(r"\W", found["names"])[0].lower()
    return (
        first not in MONTHS and not re.fullmatch(WEEKDAY, first, re.IGNORECASE) and first not in ("the", "a")
    )


def is_date_line(line: str) -> bool:
    """Whether the line is nothing but a full date, perhaps with its place or hour.

    "Today: …" and "Now: …" are clocks of the page, not dates of the article.
    """
    if len(line) > MAX_DATELINE:
        return False
    return bool(DATE_LINE.fullmatch(line) or PLACE_DATE_LINE.fullmatch(line))


def find_dateline_end(line: str) -> int:
    """Where the dateline that opens a paragraph ends; 0 where the paragraph has none.

    A place in capitals and a dash is enough; a place in small letters needs a date or an agency,
    because "Daroff - who came late - left" begins the same way.
    """
    found = DATELINE.match(line)
    if not found or found.end() > MAX_DATELINE:
        return 0
    place = found["place"]
    shouted = place.isupper() and place[1:2] != "." and len(re.sub(r"\W", "", place)) >= 3
    shouted = shouted and not line[found.end() :].lstrip()[:1].islower()
    return found.end() if shouted or found["when"] or found["agency"] else 0


def _find_headline(words: Sequence[str], title: str | None) -> int | None:
    """The line that is the headline: the stated title, else the first line of four words or more.

    A source that states a title the text does not hold keeps its headline outside the text.
    Lines shorter than that ("THE WHITE HOUSE", "PRESS STATEMENT") stand above the headline.
    """
    if title:
        return words.index(title) if title in words[:HEAD_LINES] else None
    head = list(takewhile(lambda index: not _is_paragraph(words[index]), range(min(HEAD_LINES, len(words)))))
    fit = [index for index in head if _may_be_headline(words[index])]
    if not fit or len(words) < 2:
        return None
    long = [index for index in fit if len(words[index].split()) >= 4]
    return fit[0] if fit[0] in long else max(fit, key=lambda index: (len(words[index].split()), -index))


def _may_be_headline(line: str) -> bool:
    plain = _find_plain_role(line) or is_byline(line) or is_date_line(line) or find_dateline_end(line)
    return not plain and any(char.isalpha() for char in line)


def _is_paragraph(line: str) -> bool:
    return len(line) > MAX_HEADLINE or bool(_SENTENCE_END.search(line)) or line.endswith((":", ",", ";"))


def _is_wrapped(words: Sequence[str]) -> bool:
    """Whether most lines end near one margin and none goes far beyond it."""
    inside = [line for line in words if len(line) in WRAP_WIDTH]
    longest = max(map(len, words), default=0)
    return len(inside) >= 4 and longest < WRAP_WIDTH.stop and len(inside) >= 0.5 * len(words)


def _join_wrapped(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    held: Block | None = None
    for block in blocks:
        if (
            held
            and block.role is held.role is BlockRole.BODY
            and text[held.end : block.start].count("\n") == 1
        ):
            held = Block(start=held.start, end=block.end, role=held.role)
            continue
        if held:
            yield held
        held = block
    if held:
        yield held


def find_dateline_day(text: str) -> str | None:
    """The full date a date line or dateline in the first lines states, as an ISO date, or None."""
    for number, (start, end) in enumerate(_find_lines(text)):
        if number == HEAD_LINES:
            break
        line = text[start:end]
        if re.match(r"(?i)(?:last )?updated", line):
            continue
        stated = line if is_date_line(line) else line[: find_dateline_end(line)]
        if stated and (day := parse_day(stated)):
            return day
    return None


def title_of(text: str, blocks: Sequence[Block]) -> str | None:
    """The words of the first headline block, or None."""
    return next((text[block.start : block.end] for block in blocks if block.role is BlockRole.HEADLINE), None)
