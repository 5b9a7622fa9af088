"""The working calendar on the phone: the days off and made up for, the hours, and why a day is what it is."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from markupsafe import Markup

from bot.rules.dates import format_weekday
from bot.rules.workdays import Calendar, SpecialDays
from bot.wording.catalogue import plain, say
from bot.wording.message import Message

MONDAY = date(2024, 1, 1)


def reason(reason: str | None) -> str:
    """Return in words why a day is or is not a working day; nothing for an ordinary one."""
    if reason is None or reason.startswith("holiday:"):
        return (reason or "").removeprefix("holiday:")
    return plain(f"reckoning.{reason}")


def text(calendar: Calendar, coming: Sequence[SpecialDays], *, days: int, undecided: int | None) -> Message:
    """Return the calendar of the coming days; `undecided` is the year whose days off are not final yet."""
    html = say(
        "calendar.text",
        days=days,
        hours=", ".join(f"{opening:%H:%M}–{closing:%H:%M}" for opening, closing in calendar.spans),
        weekdays=", ".join(_weekday_spans(calendar)),
        lines=[_line(calendar, days) for days in coming],
        undecided=undecided,
    )
    return Message(html)


def _line(calendar: Calendar, days: SpecialDays) -> Markup:
    one = days.first == days.last
    when = say("calendar.day" if one else "calendar.days", day=days.first, first=days.first, last=days.last)
    return say(
        "calendar.working" if calendar.is_workday(days.first) else "calendar.off",
        when=when,
        reason=reason(days.reason),
        is_proposed=not (days.reason.startswith("configured") or calendar.is_decided(days.last.year)),
    )


def _weekday_spans(calendar: Calendar) -> Iterator[str]:
    """Yield `thứ Hai đến thứ Sáu`, and single days by name."""
    weekdays = sorted(calendar.weekdays)
    first = weekdays[0]
    for weekday in weekdays:
        if weekday + 1 not in weekdays:
            names = [_name(first), _name(weekday)]
            span = plain("calendar.weekday_span", first=names[0], last=names[1])
            yield names[0] if first == weekday else span
            first = next((later for later in weekdays if later > weekday), weekday)


def _name(weekday: int) -> str:
    return format_weekday(MONDAY + timedelta(days=weekday))


def undecided_to_admin(year: int) -> Message:
    return Message(say("calendar.undecided_to_admin", year=year))
