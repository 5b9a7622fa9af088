"""The working calendar."""

from bot.chat.desk import Desk
from bot.operations import calendars


def lichnghi(desk: Desk, _words: str) -> None:
    """/lichnghi: the coming days off and made up for, the working hours."""
    desk.reply(calendars.look(now=desk.now, office=desk.office))
