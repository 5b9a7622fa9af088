"""Amounts of money in whole đồng, and rates."""

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

LARGEST = 10**15
"""The largest amount that is believed, in đồng: a million tỷ. Anything above is a slip of the hand."""


class UnreadableMoney(ValueError):
    """The text is no amount of whole đồng from 0 to LARGEST; `args[0]` is what was not."""

    key: ClassVar[str] = "unreadable_money"


class AmbiguousMoney(ValueError):
    """The amount can be read as two different ones, as `1.5` or `1,500 triệu` can; `args[0]` is the part."""

    key: ClassVar[str] = "ambiguous_money"


_UNITS = {
    **dict.fromkeys(["nghìn", "nghin", "ngàn", "ngan", "k"], 10**3),
    **dict.fromkeys(["triệu", "trieu", "tr"], 10**6),
    **dict.fromkeys(["tỷ", "tỉ", "ty", "ti"], 10**9),
    **dict.fromkeys(["nghìn tỷ", "nghìn tỉ", "ngàn tỷ", "ngàn tỉ", "nghin ty", "ngan ty"], 10**12),
}
_LONGEST = 100  # characters
_CURRENCY = re.compile(r"(?:đồng|dong|vnđ|vnd|đ|d|₫)\.?$")
_PART = re.compile(r"(?P<figure>[0-9](?:[0-9.,' ]*[0-9])?)\s*(?P<unit>[^\W\d_]+(?: [^\W\d_]+)?)?\s*")

_PLAIN = re.compile(r"[0-9]+")
_DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?:,[0-9]{3}){2,}|(?:[' ][0-9]{3})+)")
_DECIMAL = re.compile(r"(?P<whole>[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),(?P<part>[0-9]+)")
_DECIMAL_POINT = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+)\.(?P<part>[0-9]+)")
_ONE_MARK = re.compile(r"[0-9]+[.,][0-9]+")
_COMMA_GROUP = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")


def parse_money(amount: str | float) -> int:
    """An amount in đồng, from what a person wrote or from a cell of a spreadsheet.

    `1.344.000.000đ`, `500 triệu`, `1,5 tỷ`, `200tr`, `2 tỷ 500 triệu`, 1344000000, 5e8. A dot parts thousands
    and a comma parts decimals, as in Vietnamese; where the other habit would give another amount
    (`1.5`, `1.5 tỷ`, `1,500`, `1 tỷ 5`), AmbiguousMoney. UnreadableMoney for all else, negatives and
    fractions of a đồng included.
    """
    exact = _from_text(amount) if isinstance(amount, str) else _from_number(amount)
    if exact.denominator != 1 or not 0 <= exact <= LARGEST:
        raise UnreadableMoney(str(amount))
    return int(exact)


def _from_number(amount: float) -> Fraction:
    if isinstance(amount, bool):
        raise UnreadableMoney(str(amount))
    try:
        return Fraction(amount)
    except (ValueError, OverflowError):  # nan, inf
        raise UnreadableMoney(str(amount)) from None


def _from_text(text: str) -> Fraction:
    if len(text) > _LONGEST:
        raise UnreadableMoney(text)
    written = _CURRENCY.sub("", " ".join(unicodedata.normalize("NFC", text).casefold().split())).rstrip()
    return sum((_figure(figure, unit) * (unit or 1) for figure, unit in _parts(written)), Fraction(0))


def _parts(written: str) -> Iterator[tuple[str, int | None]]:
    at, above = 0, LARGEST
    while at < len(written) or at == 0:
        found = _PART.match(written, at)
        if found is None or (found["unit"] or "") not in {"", *_UNITS}:
            raise UnreadableMoney(written)
        unit = _UNITS.get(found["unit"])
        if at and unit is None:
            raise AmbiguousMoney(written)  # "1 tỷ 5" is heard as 1,5 tỷ and read as a billion and five
        if (unit or 1) >= above:
            raise UnreadableMoney(written)
        yield found["figure"], unit
        at, above = found.end(), unit or 1


def _figure(figure: str, unit: int | None) -> Fraction:
    if _PLAIN.fullmatch(figure) or _DOTTED.fullmatch(figure) or _GROUPED.fullmatch(figure):
        return Fraction(re.sub(r"[^0-9]", "", figure))
    decimal = _DECIMAL.fullmatch(figure) or _DECIMAL_POINT.fullmatch(figure)
    if _ONE_MARK.fullmatch(figure) and (decimal is None or unit is None or _COMMA_GROUP.fullmatch(figure)):
        raise AmbiguousMoney(figure)  # "1.5", "1,5": of what? "1,500 triệu": one and a half, or 1500?
    if decimal is None:
        raise UnreadableMoney(figure)
    return Fraction(re.sub(r"[.,]", "", decimal["whole"]) + "." + decimal["part"])


def format_money(amount: int) -> str:
    """`1.344.000.000 đồng`, from an amount in đồng."""
    return f"{amount:,} đồng".replace(",", ".")


def format_percent(numerator: int | Fraction, denominator: int | Fraction = 1) -> str:
    """`63,75%`: numerator / denominator, half up to two decimals, zeros kept; `—` where the denominator is 0.

    Checked against published figures: 369.372 / 579.413 = 63,75 %, 26.515 / 54.681 = 48,49 %.
    """
    if denominator == 0:
        return "—"
    rate = Fraction(numerator) / Fraction(denominator)
    hundredths = int(abs(rate) * 10_000 + Fraction(1, 2))
    sign = "-" if rate < 0 and hundredths else ""
    return f"{sign}{hundredths // 100},{hundredths % 100:02}%"
