"""How alike two words of a name are: spelling, sound, and letters that other scripts leave out.

Words come in folded (`fold_words`); what they mean in a name is `names`. The one idea: a word is
compared three times, as written, as it sounds however it was transliterated, and by its consonants
where a script writes no vowels; the best of the three counts, the looser ones a little less.
"""

from __future__ import annotations

import re
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import OSA

# Azerbaijani letters as the country's names are spelt in English; used where a word has a letter of its own.
AZERBAIJANI = str.maketrans(
    {"ə": "a", "ğ": "gh", "ç": "ch", "ş": "sh", "ı": "i", "ö": "o", "ü": "u", "x": "kh", "c": "j", "q": "g"}
)
OTHER = str.maketrans(
    {"ə": "a", "ğ": "gh", "ç": "ch", "ş": "sh", "ı": "i", "ʿ": "", "ʾ": "", "’": "'", "ʻ": ""}
    | {"ć": "ch", "č": "ch", "š": "sh", "ž": "zh", "đ": "dj"}
)
# Letters of scripts without vowels, before they are put into Latin ones: vav inside a word is a vowel or w,
# he at its end is silent, kaf is k as often as kh, the Arabic article is a word of its own.
VOWELLESS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"(?<=[א-ת])וו(?=[א-ת])", "v"),
        (r"(?<=[א-תv])ו", "w"),
        (r"(?<=[א-תw])ה\b", ""),
        (r"[כך]", "k"),
        (r"\bال(?=\w{2})", "al-"),
    )
)
_OWN_LETTER = re.compile("[əğı]|[çşöü].*[xq]|[xq].*[çşöü]")
_VOWELLESS = re.compile("[\u0590-\u06ff]")
SOUNDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"^mc", "mak"),
        (r"(?<=.i)[cq]$", "ch"),
        (r"^x", "sh"),
        (r"x", "ks"),
        (r"tsch|tch|cz", "ch"),
        (r"sch|sz", "sh"),
        (r"dzh|dj|zh", "j"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"kh", "h"),
        (r"gh", "g"),
        (r"c(?=[eiy])", "s"),
        (r"ck|q|c(?!h)", "k"),
        (r"ff$", "v"),
        (r"w", "v"),
        (r"tz|ts", "z"),
        (r"ou|oo|eo(?=n)", "u"),
        (r"[iey]u", "u"),
        (r"[iy]a", "a"),
        (r"ey|ei|ay|ai|ae|aj|ej", "e"),
        (r"iy|ij|ii|yy|ee|ie|y|j(?![aeiou])$", "i"),
        (r"(?<=[aeiou])h(?![aeiou])", ""),
        (r"(.)\1+", r"\1"),
    )
)
# Consonants one letter of Hebrew or Arabic may stand for.
COARSE = str.maketrans(
    {"v": "b", "p": "b", "f": "b", "q": "k", "g": "k", "j": "k", "z": "s", "d": "t", "c": "s"}
)

FUZZY_FLOOR = 0.72  # [0, 1]; words of which fewer letters agree are different names; set on FRUS dev
SHORT = 4  # letters; shorter words are alike only in sound
BRIEF = 5  # letters; in shorter words a letter may be missing, but another letter makes another name


def fold_words(words: str) -> str:
    """Words in plain lower-case Latin letters, Azerbaijani spelt as in English.

    >>> fold_words("Məmmədov"), fold_words("Xəlilov")
    ('mammadov', 'khalilov')
    """
    low = words.replace("İ", "i").lower()
    if is_vowelless(low):
        for pattern, to in VOWELLESS:
            low = pattern.sub(to, low)
    parts = [_fold_word(word) for word in re.split(r"[\s\-‐–—/·・_]+", low)]
    return " ".join(part for part in " ".join(parts).split() if part)


@lru_cache(maxsize=65536)
def _fold_word(word: str) -> str:
    word = word.translate(AZERBAIJANI if _OWN_LETTER.search(word) else OTHER)
    return re.sub(r"[^a-z0-9 ]", "", anyascii(word).lower().replace("-", " "))


def is_vowelless(words: str) -> bool:
    """Whether the script of the words leaves vowels out (Hebrew, Arabic, Persian)."""
    return bool(_VOWELLESS.search(words))


@lru_cache(maxsize=65536)
def get_sound(word: str) -> str:
    """The word as it sounds, whichever way it was put into Latin letters.

    >>> get_sound("zaroubin") == get_sound("zarubin"), get_sound("smirnoff") == get_sound("smirnov")
    (True, True)
    """
    for pattern, to in SOUNDS:
        word = pattern.sub(to, word)
    return word


@lru_cache(maxsize=65536)
def get_skeleton(word: str) -> str:
    """The consonants of the word as it sounds, so coarse that Hebrew and Arabic spelling cannot differ.

    >>> get_skeleton("gwldshmydt") == get_skeleton("goldschmidt"), get_skeleton("muhammad")
    (True, 'mt')
    """
    sound = get_sound(word.replace("w", "").replace("y", "")) or word
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouh]", "", sound.replace("sh", "s")).translate(COARSE))


@lru_cache(maxsize=262144)
def compare_words(left: str, right: str) -> float:
    """How alike two folded words are, in [0, 1]; 0 where they are different names.

    1 is the same spelling, 0.97 the same sound, less for slips of a letter.
    """
    if left == right:
        return 1.0
    if (left[0] == "x") != (right[0] == "x"):
        return max(_compare_heard(word, other) for word, other in _unfold_x(left, right))
    return _compare_heard(left, right)


def _unfold_x(left: str, right: str) -> tuple[tuple[str, str], ...]:
    """The pair as it stands, and with x as the kh it is in Kurdish and Azerbaijani."""
    return (left, right), (re.sub("^x", "kh", left), re.sub("^x", "kh", right))


def _compare_heard(left: str, right: str) -> float:
    sounds = get_sound(left), get_sound(right)
    if sounds[0] == sounds[1]:
        return 0.97
    shortest = min(len(left), len(right))
    if shortest < SHORT or (left[0] != right[0] and sounds[0][:1] != sounds[1][:1] and shortest < 6):
        return 0.0
    if shortest < BRIEF and (len(left) == len(right) or OSA.distance(left, right) > 1):
        return 0.0
    written = OSA.normalized_similarity(left, right)
    heard = OSA.normalized_similarity(*sounds) * 0.97
    best = max(written, heard)
    return best if best >= FUZZY_FLOOR else 0.0


def compare_skeletons(left: str, right: str) -> float:
    """How alike the consonants of two words are: for a script that writes no vowels."""
    bones = get_skeleton(left), get_skeleton(right)
    if min(map(len, bones)) < 2:
        return 0.8 if bones[0] == bones[1] else 0.0
    if bones[0] == bones[1]:
        return 0.9
    alike = OSA.normalized_similarity(*bones)
    return alike * 0.9 if alike >= FUZZY_FLOOR else 0.0
