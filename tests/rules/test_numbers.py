"""Numbers are read as people write them, and nothing else is taken for one."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.numbers import (
    DecisionNumber,
    JudgmentNumber,
    UnreadableNumber,
    inquiry_number,
    leading_number,
    parse_decision_number,
    parse_judgment_number,
)

CCTHADS = "QĐ-CCTHADS"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("150/QĐ-CCTHADS", DecisionNumber(150, symbol=CCTHADS)),
        ("178 QĐ-CCTHADS", DecisionNumber(178, symbol=CCTHADS)),
        ("07/QĐ-CTHADS", DecisionNumber(7, symbol="QĐ-CTHADS")),
        ("000150/QD-CCTHADS", DecisionNumber(150, symbol=CCTHADS)),
        ("150/qđ-ccthads", DecisionNumber(150, symbol=CCTHADS)),
        ("150/QÐ-CCTHADS", DecisionNumber(150, symbol=CCTHADS)),
        ("150/qð-ccthads", DecisionNumber(150, symbol=CCTHADS)),
        ("  150 / QĐ - CCTHADS ", DecisionNumber(150, symbol=CCTHADS)),
        ("150/QĐ–CCTHADS", DecisionNumber(150, symbol=CCTHADS)),
        ("150–QĐ–CCTHADS", DecisionNumber(150, symbol=CCTHADS)),
        ("150/QĐ CCTHADS", DecisionNumber(150, symbol=CCTHADS)),
        ("150/QĐCCTHADS.", DecisionNumber(150, symbol=CCTHADS)),
        ("150QĐ-CCTHADS", DecisionNumber(150, symbol=CCTHADS)),
        ("150/QĐ-CCTHADS-PL", DecisionNumber(150, symbol="QĐ-CCTHADS-PL")),
        ("150/QĐ-CCTHADS.KV1", DecisionNumber(150, symbol="QĐ-CCTHADS.KV1")),
        ("150/QĐ", DecisionNumber(150, symbol="QĐ")),
        ("Số 150/QĐ-CCTHADS", DecisionNumber(150, symbol=CCTHADS)),
        ("so: 150/qd-ccthads", DecisionNumber(150, symbol=CCTHADS)),
        ("Quyết định số 150/QĐ-CCTHADS", DecisionNumber(150, symbol=CCTHADS)),
        ("QĐ 150", DecisionNumber(150)),
        ("150", DecisionNumber(150)),
        ("12a", DecisionNumber(12, "a")),
        ("12A/QĐ-CCTHADS", DecisionNumber(12, "a", CCTHADS)),
        ("150/2026/QĐ-CCTHADS", DecisionNumber(150, symbol=CCTHADS, year=2026)),
        (unicodedata.normalize("NFD", "Số 150/QĐ-CCTHADS"), DecisionNumber(150, symbol=CCTHADS)),
    ],
)
def test_a_decisions_number_is_read(text: str, expected: DecisionNumber) -> None:
    assert parse_decision_number(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Phú Lộc",
        "0",
        "0/QĐ-CCTHADS",
        "12/2027",
        "194/2017/DS-PT",
        "01/12/2026",
        "150/QĐ-CCTHADS ngày 12/10/2026",
        "1.344.000.000",
        "1234567",
        "12f",
        "150/TB-CCTHADS",
        "150/2026",
        "150, 151",
        "١٥٠",
        "1" * 5000,
    ],
)
def test_what_is_no_decisions_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadableNumber) as refusal:
        parse_decision_number(text)
    assert refusal.value.args == (text,)
    assert refusal.value.key == "unreadable_number"


@pytest.mark.parametrize(
    ("number", "key", "text"),
    [
        (DecisionNumber(150, symbol=CCTHADS), "150/QD-CCTHADS", "150/QĐ-CCTHADS"),
        (DecisionNumber(7, symbol="QĐ-CTHADS"), "7/QD-CTHADS", "07/QĐ-CTHADS"),
        (DecisionNumber(12, "a", CCTHADS), "12a/QD-CCTHADS", "12a/QĐ-CCTHADS"),
        (DecisionNumber(150), "150", "150"),
        (DecisionNumber(150, symbol=CCTHADS, year=2026), "150/QD-CCTHADS", "150/2026/QĐ-CCTHADS"),
    ],
)
def test_a_decisions_number_is_shown_and_compared(number: DecisionNumber, key: str, text: str) -> None:
    assert (number.key, number.text) == (key, text)


numbers = st.builds(
    DecisionNumber,
    serial=st.integers(1, 999_999),
    suffix=st.sampled_from(["", "a", "e"]),
    symbol=st.sampled_from(["QĐ", "QĐ-CTHADS", "QĐ-CCTHADS", "QĐ-PTHADS", "QĐ-THADS.KV2"]),
    year=st.none() | st.integers(1993, 2099),
)


@given(numbers, st.sampled_from(["NFC", "NFD"]), st.booleans())
def test_what_is_shown_is_read_back(number: DecisionNumber, form: str, lower: bool) -> None:
    text = unicodedata.normalize("NFD", number.text) if form == "NFD" else number.text
    assert parse_decision_number(text.lower() if lower else text) == number
    assert leading_number(f"{number.text} Vì sao") == (number, len(number.text))
    assert parse_decision_number(number.key).key == number.key


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("151/QĐ-CCTHADS Vì sao đến nay", DecisionNumber(151, symbol=CCTHADS), " Vì sao đến nay"),
        ("151 phu loc vi sao", DecisionNumber(151), " phu loc vi sao"),
        ("151 vi sao", DecisionNumber(151), " vi sao"),
        ("151", DecisionNumber(151), ""),
        ("số 151 QĐ-CCTHADS, vì sao", DecisionNumber(151, symbol=CCTHADS), ", vì sao"),
        ("QĐ 151 vì sao", DecisionNumber(151), " vì sao"),
        ("qd so 151: vi sao", DecisionNumber(151), ": vi sao"),
        ("vụ 151 vì sao", DecisionNumber(151), " vì sao"),
        ("Vụ việc số 151\nVì sao", DecisionNumber(151), "\nVì sao"),
        ("151 QĐ vì sao", DecisionNumber(151, symbol="QĐ"), " vì sao"),
        ("151/QĐ-sao chua ke bien", DecisionNumber(151, symbol="QĐ"), "-sao chua ke bien"),
        ("151/QĐ - vì sao", DecisionNumber(151, symbol="QĐ"), " - vì sao"),
        ("151 QĐ - CCTHADS vì sao", DecisionNumber(151, symbol=CCTHADS), " vì sao"),
        ("151 qd ccthads thai do", DecisionNumber(151, symbol=CCTHADS), " thai do"),
        ("151/QĐ-CCTHADS.Vì sao", DecisionNumber(151, symbol=CCTHADS), ".Vì sao"),
        ("151/QĐ-CCTHADS-PL vì sao", DecisionNumber(151, symbol="QĐ-CCTHADS-PL"), " vì sao"),
        ("151a phu loc", DecisionNumber(151, "a"), " phu loc"),
        ("151, 152 vì sao", DecisionNumber(151), ", 152 vì sao"),
        ("151/phu loc", DecisionNumber(151), "/phu loc"),
        ("151/2026/QĐ-CCTHADS ạ", DecisionNumber(151, symbol=CCTHADS, year=2026), " ạ"),
        ("12 người chưa nộp", DecisionNumber(12), " người chưa nộp"),
    ],
)
def test_the_number_in_front_of_a_question_is_taken(text: str, expected: DecisionNumber, rest: str) -> None:
    found = leading_number(text)
    assert found is not None
    number, end = found
    assert (number, text[end:]) == (expected, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vì sao 151",
        "12/2027",
        "12/2027 vì sao",
        "12 / 2027 vì sao",
        "01/12/2026 đồng chí báo cáo",
        "01-12-2026",
        "1.12.2026 báo cáo",
        "1.344.000.000 đồng chưa thu",
        "1,5 tỷ",
        "9:30 họp",
        "194/2017/DS-PT vì sao",
        "151người",
        "151/2026/QĐsao",
        "151qdsao",
        "1344000000",
        "0 vì sao",
    ],
)
def test_what_begins_with_something_else_has_no_number(text: str) -> None:
    assert leading_number(text) is None


def test_the_offset_counts_the_text_in_nfc() -> None:
    text = "số 151/QĐ-CCTHADS vì sao"
    assert leading_number(unicodedata.normalize("NFD", text)) == leading_number(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12/2027", (12, 2027)),
        (" 12 / 2027 ", (12, 2027)),
        ("chất vấn 12/2027", (12, 2027)),
        ("Chất vấn số 12/2027", (12, 2027)),
        ("chat van 12/2027", (12, 2027)),
        (unicodedata.normalize("NFD", "CHẤT VẤN 12"), (12, None)),
        ("12", None),
        ("số 12", None),
        ("0/2027", None),
        ("12/27", None),
        ("12/1927", None),
        ("12/2027 vì sao", None),
        ("01/12/2027", None),
        ("CV 12/2027", None),
        ("", None),
    ],
)
def test_an_inquirys_number_is_the_whole_text(text: str, expected: tuple[int, int | None] | None) -> None:
    assert inquiry_number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "key"),
    [
        ("194/2017/DS-PT", "194/2017/DS-PT", "194/2017/DS-PT"),
        ("Bản án số 194/2017/DSPT", "194/2017/DS-PT", "194/2017/DS-PT"),
        ("7/2018/hngd st", "07/2018/HNGĐ-ST", "7/2018/HNGD-ST"),
        ("12 / 2018 / HNGĐ–ST", "12/2018/HNGĐ-ST", "12/2018/HNGD-ST"),
        ("12/2018/KDTM-PT", "12/2018/KDTM-PT", "12/2018/KDTM-PT"),
        ("12/2018/LÐ-ST", "12/2018/LĐ-ST", "12/2018/LD-ST"),
        ("12/2018/HC-ST", "12/2018/HC-ST", "12/2018/HC-ST"),
        ("số: 12/2018/HSST", "12/2018/HS-ST", "12/2018/HS-ST"),
        ("12/2018/QĐST-HNGĐ", "12/2018/QĐST-HNGĐ", "12/2018/QDST-HNGD"),
    ],
)
def test_a_judgments_number_is_read(text: str, expected: str, key: str) -> None:
    number = parse_judgment_number(text)
    assert (number.text, number.key) == (expected, key)
    assert parse_judgment_number(number.key) == number


@pytest.mark.parametrize(
    "text", ["", "194/DS-PT", "194/2017", "194/2017/XX-PT", "0/2017/DS-PT", "150/QĐ-CCTHADS"]
)
def test_what_is_no_judgments_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadableNumber):
        parse_judgment_number(text)


pieces = st.lists(
    st.sampled_from(
        ["150", "/", "-", " ", "QĐ", "qd", "2026", "CCTHADS", "DS", "PT", "số", "chất vấn", ".", "a"]
    )
)


@given(st.text() | pieces.map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    leading = leading_number(text)
    assert leading is None or 0 < leading[1] <= len(unicodedata.normalize("NFC", text))
    inquiry = inquiry_number(text)
    for parse in (parse_decision_number, parse_judgment_number):
        try:
            number: DecisionNumber | JudgmentNumber = parse(text)
        except UnreadableNumber:
            continue
        assert inquiry is None or inquiry[1] is None
        assert number.key.isascii()


@pytest.mark.parametrize("piece", ["số ", "quyết ", " ", "1", "QĐ-", "1/", "chất vấn ", "150 "])
def test_hostile_texts_take_no_longer(piece: str) -> None:
    text = (piece * 4096)[:4096]
    started = time.perf_counter()
    leading_number(text)
    inquiry_number(text)
    with pytest.raises(UnreadableNumber):
        parse_decision_number(text)
    assert time.perf_counter() - started < 1
