"""How one cell of a register is read, and what may be wrong with it."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.rules.dates import UnreadableDate, format_date, parse_date
from bot.rules.money import AmbiguousMoney, UnreadableMoney, parse_money
from bot.rules.numbers import DecisionNumber, UnreadableNumber, parse_decision_number, parse_judgment_number
from bot.rules.register_words import classification_of, status_of
from storage.kinds import CaseStatus, Classification

Cell: TypeAlias = str | int | float | bool | date | datetime | None
Cells: TypeAlias = Sequence[Cell]

SHOWN = 60
"""So many characters of a cell are repeated to people."""
_FIRST_YEAR = 1945
_SERIAL_DAYS = (20_000, 60_000)  # 1954 to 2064 as Excel counts days, from:
_DAY_ZERO = date(1899, 12, 30)


class FaultKind(StrEnum):
    """Why a row cannot be taken."""

    MISSING = "missing"
    UNREADABLE_NUMBER = "unreadable_number"
    UNREADABLE_DATE = "unreadable_date"
    FUTURE_DATE = "future_date"
    UNREADABLE_AMOUNT = "unreadable_amount"
    AMBIGUOUS_AMOUNT = "ambiguous_amount"
    NEGATIVE_AMOUNT = "negative_amount"
    UNKNOWN_CLASSIFICATION = "unknown_classification"
    UNKNOWN_STATUS = "unknown_status"
    TOO_LONG = "too_long"
    SECRET = "secret"
    UNKNOWN_BRANCH = "unknown_branch"
    REPEATED = "repeated"  # the same case stands in an earlier row


class CellUnreadable(ValueError):
    """A cell cannot be taken; `kind` says why."""

    def __init__(self, kind: FaultKind) -> None:
        super().__init__(kind)
        self.kind = kind


def has_content(cell: Cell) -> bool:
    """Return whether a cell says anything; a dash says that there is nothing to say."""
    return cell is not None and not (isinstance(cell, str) and cell.strip(" \t\n-–—_") == "")


def text_of(cell: Cell) -> str:
    """Return the cell as people see it, on one line."""
    if isinstance(cell, date):
        return format_date(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


def shortened(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"


def decision_number(cell: Cell) -> DecisionNumber:
    try:
        return parse_decision_number(text_of(cell))
    except UnreadableNumber:
        raise CellUnreadable(FaultKind.UNREADABLE_NUMBER) from None


def judgment_number(text: str) -> str:
    """Return a judgment's number in its usual form; any other text as it is (an arbitrator's, several)."""
    try:
        return parse_judgment_number(text).text
    except UnreadableNumber:
        return text


def day(cell: Cell, *, today: date) -> date:
    """Return the date in a cell: a date of Excel, its count of days, or a text with day, month and year."""
    found = _any_day(cell)
    if found is None or found.year < _FIRST_YEAR:
        raise CellUnreadable(FaultKind.UNREADABLE_DATE)
    if found > today:
        raise CellUnreadable(FaultKind.FUTURE_DATE)
    return found


def _any_day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        return _written_day(cell)
    if cell is not None and _SERIAL_DAYS[0] <= cell <= _SERIAL_DAYS[1]:
        return _DAY_ZERO + timedelta(days=int(cell))
    return None


def _written_day(text: str) -> date | None:
    """None unless day, month and year are written: "15/12" and "thứ Sáu" mean another day every year."""
    written = re.sub(r"[ T]0?0:00(?::00)?$", "", text.strip())
    if len(re.findall(r"[0-9]+", written)) != 3:
        return None
    try:
        return parse_date(written, today=_DAY_ZERO)
    except UnreadableDate:
        return None


def amount(cell: Cell) -> int:
    """Return the amount in a cell, in đồng."""
    written = cell if isinstance(cell, int | float) else text_of(cell)
    if written < 0 if isinstance(written, int | float) else written.startswith(("-", "–", "−", "(")):
        raise CellUnreadable(FaultKind.NEGATIVE_AMOUNT)
    try:
        return parse_money(written)
    except AmbiguousMoney:
        raise CellUnreadable(FaultKind.AMBIGUOUS_AMOUNT) from None
    except UnreadableMoney:
        raise CellUnreadable(FaultKind.UNREADABLE_AMOUNT) from None


def classification(cell: Cell) -> Classification:
    found = classification_of(text_of(cell))
    if found is None:
        raise CellUnreadable(FaultKind.UNKNOWN_CLASSIFICATION)
    return found


def status(cell: Cell) -> CaseStatus:
    found = status_of(text_of(cell))
    if found is None:
        raise CellUnreadable(FaultKind.UNKNOWN_STATUS)
    return found


# The number of an identity card has 9 or 12 figures and stands behind the card's name, sometimes two of them.
_CARD = (
    r"cmnd|cmtnd|cmt|cccd|căn\s+cước(?:\s+công\s+dân)?|can\s+cuoc(?:\s+cong\s+dan)?"
    r"|chứng\s+minh\s+(?:nhân\s+dân|thư)|chung\s+minh\s+(?:nhan\s+dan|thu)"
)
_ID_NUMBER = re.compile(
    rf"(?P<card>(?<![^\W\d_])(?:{_CARD})(?:[\s:.,;/()–-]|số|so|và|va|{_CARD}){{0,12}})"
    r"(?<![0-9])[0-9](?:[ .]?[0-9]){8}(?:(?:[ .]?[0-9]){3})?(?![0-9])",
    re.IGNORECASE,
)


def without_id_numbers(text: str) -> str:
    """Return the text without the numbers of identity cards, which are not imported."""
    while (shorter := _ID_NUMBER.sub(r"\g<card>", text)) != text:
        text = shorter
    return text
