"""Text as it is stored, searched, sorted and measured."""

import re
import unicodedata
from collections.abc import Iterator
from typing import TypeAlias

NameKey: TypeAlias = tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
"""For each word, given name first: the places of its letters in the alphabet, then their tones."""

_LINE_BREAK = re.compile(r"\r\n|[\r\x0b\x0c\x85]")
_HIDDEN = frozenset({"Cc", "Cf", "Cs"})
_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_VARIANTS = "\ufe0e\ufe0f"
_KEYCAPS = "0123456789#*‼⁉〰〽"

# U+00D0 (Icelandic) and U+0189 (African) look exactly like the Vietnamese Đ and arrive from old fonts;
# none of the three decomposes.
_D_WITH_STROKE = str.maketrans("đðɖ", "ddd")

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]  # ngang, huyền, hỏi, ngã, sắc, nặng


def nfc(text: str) -> str:
    """The form in which every text is stored: NFC, without what cannot be seen.

    Control characters (but not `\\n` and `\\t`), zero-width, bidi and other format characters and lone
    surrogates go; other line breaks become `\\n`. Joiners and variation selectors stay inside emoji only.
    Idempotent.
    """
    return unicodedata.normalize("NFC", "".join(_visible(_LINE_BREAK.sub("\n", text))))


def _visible(text: str) -> Iterator[str]:
    before = ""
    for here, after in zip(text, text[1:] + " ", strict=False):
        if _is_kept(before, here, after):
            yield here
            before = here


def _is_kept(before: str, here: str, after: str) -> bool:
    if here == _ZERO_WIDTH_JOINER:
        return _is_emoji(before) and unicodedata.category(after) == "So"
    if _is_variation_selector(here):
        return here in _EMOJI_VARIANTS and _takes_variant(before)
    return here in "\n\t" or unicodedata.category(here) not in _HIDDEN


def _is_variation_selector(letter: str) -> bool:
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def _takes_variant(before: str) -> bool:
    return bool(before) and (before in _KEYCAPS or unicodedata.category(before).startswith("S"))


def _is_emoji(before: str) -> bool:
    return bool(before) and (before in _EMOJI_VARIANTS or unicodedata.category(before) in {"So", "Sk"})


def fold(text: str) -> str:
    """The form in which text is searched: casefolded, without marks, đ as d; NFC.

    Idempotent: `fold("Phú Lộc") == "phu loc"`.
    """
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    bare = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFC", bare.translate(_D_WITH_STROKE))


def tokens(text: str) -> list[str]:
    """The words for the search index, in order, `[a-z0-9]+` of the folded text, repeats kept."""
    return re.findall(r"[a-z0-9]+", fold(text))


def given_name_key(name: str) -> NameKey:
    """Sorts people as Vietnamese lists do: by given name (the last word), then family and middle names.

    Letters go a ă â b c d đ e ê … o ô ơ … u ư, and within equal letters of a word the tones go ngang, huyền,
    hỏi, ngã, sắc, nặng. Upper and lower case are equal. An empty name sorts first.
    """
    words = unicodedata.normalize("NFC", name).casefold().split()
    return tuple(_word_key(word) for word in words[-1:] + words[:-1])


def _word_key(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    pairs = [_letter_key(letter) for letter in word]
    return tuple(place for place, _ in pairs), tuple(tone for _, tone in pairs)


def _letter_key(letter: str) -> tuple[int, int]:
    marks = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in marks if mark in _TONES[1:]), "")
    toneless = unicodedata.normalize("NFC", marks.replace(tone, ""))
    place = _ALPHABET.find(toneless)
    return (place if place >= 0 else len(_ALPHABET) + ord(toneless[0])), _TONES.index(tone)


def utf16_units(text: str) -> int:
    """The length as Telegram counts it for its limits and entities: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
