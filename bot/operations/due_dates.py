"""Reading and checking the day that an asker sets as a deadline; what is refused is said in a sentence."""

from datetime import date, datetime

from bot.operations.refusals import Refusal
from bot.rules import due_dates
from bot.rules.dates import UnreadableDate
from bot.rules.due_dates import UnusableDueDate
from bot.rules.office import Office
from bot.wording.calendar import reason


class UnreadableDue(Refusal):
    """The text names no day; `text` is what was typed."""

    key = "due.unreadable"


class UnusableDue(Refusal):
    """No answer can be due on `day`; `possible` is the next day on which one can."""

    def __init__(self, found: UnusableDueDate, office: Office) -> None:
        super().__init__(
            day=found.day,
            possible=found.possible,
            reason=reason(office.calendar.day_reason(found.day)),
            furthest=due_dates.FURTHEST.days,
        )
        self.key = f"due.{found.key}"


def read(text: str, *, now: datetime, office: Office) -> date:
    """Return the day that a text means. Raises UnreadableDue, UnusableDue."""
    try:
        return due_dates.parse_due(text, now=now, calendar=office.calendar)
    except UnreadableDate:
        raise UnreadableDue(text=text) from None
    except UnusableDueDate as found:
        raise UnusableDue(found, office) from None


def check(day: date, *, now: datetime, office: Office) -> date:
    """Return the day itself. Raises UnusableDue."""
    try:
        return due_dates.checked(day, now=now, calendar=office.calendar)
    except UnusableDueDate as found:
        raise UnusableDue(found, office) from None
