"""The working calendar: shown to everybody; the administrators are told when a year's days are not final."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.operations import post
from bot.rules.dates import HANOI
from bot.rules.office import Office
from bot.rules.reminders import Rule
from bot.wording import calendar as wording
from bot.wording.message import Message
from storage import people
from storage import reminders as stored
from storage.kinds import Role
from storage.people import Member

AHEAD = 90
"""Days that /lichnghi looks ahead."""
FROM_MONTH = 10
"""From October on the next year's days off are awaited: decisions come in the last months of a year."""


def look(*, now: datetime, office: Office) -> Message:
    """Return the coming days off and made up for, the hours, and whether the data may still change."""
    today = now.astimezone(HANOI).date()
    last = today + timedelta(days=AHEAD)
    coming = office.calendar.special_days(today, last)
    undecided = office.calendar.undecided_year(today, last)
    return wording.text(office.calendar, coming, days=AHEAD, undecided=undecided)


def remind_of_undecided(session: Session, *, now: datetime, office: Office) -> int:
    """Tell each administrator, once a month and at work, of a year without final days off."""
    today = now.astimezone(HANOI).date()
    year = today.year + (today.month >= FROM_MONTH)
    if office.calendar.is_decided(year) or not office.calendar.is_working_time(now):
        return 0
    period = f"{today:%Y-%m}"
    told = [
        _tell(session, admin, year, period, now=now) for admin in people.members_with(session, Role.ADMIN)
    ]
    return sum(told)


def _tell(session: Session, admin: Member, year: int, period: str, *, now: datetime) -> bool:
    subject = f"y{year}"
    if admin.chat_id is None or stored.is_given(session, (admin.id, Rule.UNDECIDED_YEAR, subject, period)):
        return False
    stored.give(session, admin.id, Rule.UNDECIDED_YEAR, subject, period, now=now)
    post.tell(session, admin, wording.undecided_to_admin(year), now=now)
    return True
