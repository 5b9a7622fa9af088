"""Amounts are whole đồng; what could mean two amounts is refused, never guessed."""

import unicodedata
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.money import (
    LARGEST,
    AmbiguousMoney,
    UnreadableMoney,
    format_money,
    format_percent,
    parse_money,
)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1.344.000.000đ", 1_344_000_000),
        ("1.344.000.000 đồng", 1_344_000_000),
        (unicodedata.normalize("NFD", "1.344.000.000 ĐỒNG."), 1_344_000_000),
        ("1.344.000.000 VNĐ", 1_344_000_000),
        ("1.344.000.000 ₫", 1_344_000_000),
        ("1,344,000,000", 1_344_000_000),
        ("1 344 000 000", 1_344_000_000),
        ("1\u00a0344\u00a0000", 1_344_000),
        ("1'344'000", 1_344_000),
        ("1,344,000.00", 1_344_000),
        ("1.344.000,00", 1_344_000),
        ("1344000000", 1_344_000_000),
        ("500", 500),
        ("1.500", 1_500),
        ("0", 0),
        ("500 triệu", 500_000_000),
        ("500 TRIỆU ĐỒNG", 500_000_000),
        ("200tr", 200_000_000),
        ("1,5 tỷ", 1_500_000_000),
        ("1,5 tỉ", 1_500_000_000),
        ("1,5ty dong", 1_500_000_000),
        ("0,125 tỷ", 125_000_000),
        ("1.344,5 triệu", 1_344_500_000),
        ("1.500 triệu", 1_500_000_000),
        ("2 nghìn tỷ", 2 * 10**12),
        ("50 nghìn", 50_000),
        ("50k", 50_000),
        ("2 tỷ 500 triệu", 2_500_000_000),
        ("2 tỷ 500 triệu 20 nghìn đồng", 2_500_020_000),
        (1_344_000_000, 1_344_000_000),
        (5e8, 500_000_000),
        (0, 0),
        (LARGEST, LARGEST),
    ],
)
def test_an_amount_is_read(amount: str | float, expected: int) -> None:
    assert parse_money(amount) == expected


@pytest.mark.parametrize(
    "text", ["1.5", "1,5", "1,500", "1.5 tỷ", "1,500 triệu", "1 tỷ 5", "1tỷ5", "1.50", "12,5 đồng", "1.5đ"]
)
def test_an_amount_with_two_readings_is_refused(text: str) -> None:
    with pytest.raises(AmbiguousMoney) as refusal:
        parse_money(text)
    assert refusal.value.key == "ambiguous_money"


@pytest.mark.parametrize(
    "amount",
    [
        "",
        "đồng",
        "-5",
        "-500 triệu",
        "(500)",
        "năm trăm triệu",
        "500 usd",
        "500 triệu tỷ",
        "500 triệu 2 tỷ",
        "5 triệu 5 triệu",
        "1.34.000",
        "1.344,000.00",
        "1.344.000,50",
        "0,0000000001 tỷ",
        "2000000 tỷ",
        "1" * 5000,
        "٥٠٠",
        -1,
        1.5,
        -5e8,
        float("nan"),
        float("inf"),
        True,
        LARGEST + 1,
    ],
)
def test_what_is_no_amount_is_refused(amount: str | float) -> None:
    with pytest.raises(UnreadableMoney) as refusal:
        parse_money(amount)
    assert refusal.value.key == "unreadable_money"


@given(st.integers(0, LARGEST))
def test_what_is_shown_is_read_back(amount: int) -> None:
    assert parse_money(format_money(amount)) == amount
    assert parse_money(str(amount)) == amount


@given(st.integers(0, 999_999), st.integers(0, 999), st.sampled_from(["triệu", "tr", "tỷ", "tỉ"]))
def test_millions_and_billions_are_read(whole: int, decimals: int, unit: str) -> None:
    size = 10**6 if unit.startswith("tr") else 10**9
    dotted = f"{whole:,}".replace(",", ".")
    if whole == 0 or whole >= 1000:
        assert parse_money(f"{dotted},{decimals:03} {unit}") == (whole * 1000 + decimals) * size // 1000
    assert parse_money(f"{dotted} {unit}") == whole * size


pieces = st.lists(st.sampled_from(["1", "500", ".", ",", " ", "tỷ", "triệu", "tr", "đ", "-", "000", "'"]))


@given(st.text() | pieces.map("".join) | st.floats() | st.integers())
def test_any_amount_is_read_or_refused(amount: str | float) -> None:
    with suppress(AmbiguousMoney, UnreadableMoney):
        assert 0 <= parse_money(amount) <= LARGEST


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(1_344_000_000, "1.344.000.000 đồng"), (0, "0 đồng"), (-1_000, "-1.000 đồng"), (999, "999 đồng")],
)
def test_an_amount_is_shown(amount: int, expected: str) -> None:
    assert format_money(amount) == expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (369_372, 579_413, "63,75%"),  # published
        (26_515, 54_681, "48,49%"),  # published
        (1, 8, "12,50%"),
        (1, 1, "100,00%"),
        (0, 5, "0,00%"),
        (1, 20_000, "0,01%"),  # 0,005 up
        (1, 20_001, "0,00%"),
        (-1, 8, "-12,50%"),
        (-1, 100_000, "0,00%"),
        (3, 2, "150,00%"),
        (5, 0, "—"),
        (0, 0, "—"),
        (Fraction(1, 3), 1, "33,33%"),
    ],
)
def test_a_rate_is_shown_half_up_with_two_decimals(
    numerator: int | Fraction, denominator: int, expected: str
) -> None:
    assert format_percent(numerator, denominator) == expected


def test_a_rate_may_be_given_as_a_fraction() -> None:
    assert format_percent(Fraction(2, 3)) == "66,67%"
