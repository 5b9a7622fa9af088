"""Texts are stored clean, found without marks, sorted by given name and measured as Telegram measures."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.text import fold, given_name_key, nfc, tokens, utf16_units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Phu\u0301 Lo\u0323\u0302c", "Phú Lộc"),
        ("Phú\x00 Lộc\x07", "Phú Lộc"),
        ("dòng một\r\ndòng hai\rba\x0bbốn\x0cnăm\x85sáu", "dòng một\ndòng hai\nba\nbốn\nnăm\nsáu"),
        ("cột\tmột\n", "cột\tmột\n"),
        ("150\u200b/QĐ\u00ad-\u2060CCTHADS\ufeff", "150/QĐ-CCTHADS"),
        ("\u202e150\u202c \u2066x\u2069\u200e", "150 x"),
        ("a\u200b\u0301", "á"),
        ("x\ud83dy", "xy"),
        ("👩\u200d⚖\ufe0f", "👩\u200d⚖\ufe0f"),
        ("👩🏽\u200d👧", "👩🏽\u200d👧"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("a\u200db", "ab"),
        ("\u200d👧", "👧"),
        ("👩\u200d", "👩"),
        ("👩\u200d\u200d👧", "👩\u200d👧"),
        ("M\ufe0fẬ\ufe00T\U000e0101", "MẬT"),
        ("\ufe0fx", "x"),
        ("👩\ufe0e\ufe0e", "👩\ufe0e"),
    ],
)
def test_a_stored_text_holds_only_what_is_seen(text: str, expected: str) -> None:
    assert nfc(text) == expected


@given(st.text(alphabet=st.characters() | st.sampled_from("👩⚖\u200d\ufe0f\u200b\u0323\u0301e1\r\n")))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    clean = nfc(text)
    assert nfc(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    clean.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Phú Lộc", "phu loc"),
        ("PHU\u0301 LO\u0323\u0302C", "phu loc"),
        ("Nguyễn Văn Đức", "nguyen van duc"),
        ("QĐ qđ", "qd qd"),
        ("QÐ qð Ɖ ɖ", "qd qd d d"),
        ("ƯỚC MƠ Ă Â Ê Ô", "uoc mo a a e o"),
    ],
)
def test_folding_drops_case_and_marks(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(st.text())
def test_folding_is_idempotent_and_blind_to_the_form(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded
    assert fold(unicodedata.normalize("NFC", text)) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("150/QĐ-CCTHADS, Phú Lộc", ["150", "qd", "ccthads", "phu", "loc"]),
        ("a_b A", ["a", "b", "a"]),
        ("…", []),
    ],
)
def test_tokens_are_ascii_words(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text())
def test_tokens_of_any_text_suit_the_index(text: str) -> None:
    assert all(re.fullmatch("[a-z0-9]+", token) for token in tokens(text))


IN_ORDER = [
    "",
    "An",
    "Lê Văn An",
    "Nguyễn Văn An",
    "Trần Bảo Ân",
    "Lê Thị Bưởi",
    "Hồ Dũng",
    "Hồ Đạt",
    "Nguyễn Hữu Đạt",
    "Lê Quang Huy",
    "Lê Quang Hương",
    "Trần Ma",
    "Trần Mà",
    "Trần Mả",
    "Trần Mã",
    "Trần Má",
    "Trần Mạ",
    "Ngô Oanh",
    "Ngô Ông",
    "Ngô Ơn",
    "Hồ Minh Tâm",
    "Hồ Văn Tâm",
    "Lê Tú",
    "Lê Tư",
    "Lê Yến",
    "Lê Яна",
]


def test_people_are_sorted_by_given_name_in_vietnamese_order() -> None:
    shuffled = sorted(IN_ORDER, reverse=True)
    assert sorted(shuffled, key=given_name_key) == IN_ORDER


@given(st.text())
def test_any_name_can_be_sorted_alike_in_both_forms(name: str) -> None:
    assert given_name_key(unicodedata.normalize("NFD", name)) == given_name_key(name)


@pytest.mark.parametrize(
    ("text", "units"), [("", 0), ("chất vấn", 8), ("⚡", 1), ("👩\u200d⚖", 4), ("\ud83d", 1)]
)
def test_length_is_counted_in_utf16_units(text: str, units: int) -> None:
    assert utf16_units(text) == units
