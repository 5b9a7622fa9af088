"""Telegram counts UTF-16 units, after the tags are taken out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from bot.wording.lengths import chunks, shorten, strip_tags, visible_length
from storage.text import utf16_units

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@pytest.mark.parametrize(
    ("text", "units"), [("", 0), ("a", 1), ("ạ", 1), ("đồng chí", 8), ("🙂", 2), ("👩🏽‍👧", 7), ("⚡❗✅", 3)]
)
def test_utf16(text: str, units: int) -> None:
    assert utf16_units(text) == units


@given(text=TEXTS)
def test_tags_and_escapes_do_not_count(text: str) -> None:
    html = f"<b>{escape(text)}</b> <blockquote expandable>x</blockquote>"
    assert strip_tags(html) == f"{text} x"
    assert visible_length(html) == utf16_units(text) + 2


@pytest.mark.parametrize(
    ("text", "units", "short"),
    [
        ("ngắn", 4, "ngắn"),
        ("ngắn", 3, "ng…"),
        ("vì sao chưa kê biên", 12, "vì sao chưa…"),
        ("vì sao chưa kê biên", 11, "vì sao…"),
        ("Kính gửi:\nnội dung", 12, "Kính gửi:…"),
        ("Kính gửi:\n" + "x" * 40, 40, "Kính gửi:\n" + "x" * 29 + "…"),
        ("🙂🙂🙂", 4, "🙂…"),
        ("🙂🙂🙂", 5, "🙂🙂…"),
        ("abc", 1, "…"),
        ("   abc", 3, "…"),
    ],
)
def test_shortening_keeps_whole_words_where_it_can(text: str, units: int, short: str) -> None:
    assert shorten(text, units) == short


def test_a_short_first_line_does_not_end_the_text() -> None:
    """ "Kính gửi:" and a long paragraph: what is shown is more than the salutation."""
    assert utf16_units(shorten("Kính gửi:\n" + "chưa kê biên " * 300, 2400)) > 2370


@given(text=TEXTS, units=st.integers(min_value=1, max_value=60))
def test_what_is_shortened_fits_and_begins_the_same(text: str, units: int) -> None:
    short = shorten(text, units)
    assert utf16_units(short) <= units
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(text=TEXTS, units=st.integers(min_value=2, max_value=60))
def test_chunks_lose_nothing_that_is_seen(text: str, units: int) -> None:
    pieces = chunks(text, units)
    assert all(0 < utf16_units(piece) <= units for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_chunks_end_at_line_ends() -> None:
    assert chunks("một\nhai\nba bốn", 9) == ["một\nhai\n", "ba bốn"]
