"""Telegram counts a text in UTF-16 units, after its tags are taken out: at most 4,096 of them."""

import re
from html import unescape

from telegramify_markdown import split_entities

from storage.text import utf16_units

LONGEST_TEXT = 4096
TAG = re.compile(r"<[^>]*>")
LONGEST_WORD = 20
"""Characters: a longer one is cut in its middle."""


def visible_length(html: str) -> int:
    """Return how many UTF-16 units of a text Telegram counts."""
    return utf16_units(unescape(TAG.sub("", html)))


def strip_tags(html: str) -> str:
    """Return the text alone, for when Telegram refuses its tags."""
    return unescape(TAG.sub("", html))


def shorten(text: str, units: int) -> str:
    """Return `text` cut to at most `units` UTF-16 units, with a sign that it goes on."""
    if utf16_units(text) <= units:
        return text
    room = 2 * max(units - 1, 0)
    kept = text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore")
    word_end = max(kept.rfind(" "), kept.rfind("\n"))
    ends_within_word = not text[len(kept)].isspace()
    if ends_within_word and word_end > max(len(kept) - LONGEST_WORD, 0):
        kept = kept[:word_end]
    return kept.rstrip() + "…"


def chunks(text: str, units: int) -> list[str]:
    """Return `text` in pieces of at most `units` UTF-16 units, cut at line ends where there are some."""
    return [piece for piece, _entities in split_entities(text, [], units)]
