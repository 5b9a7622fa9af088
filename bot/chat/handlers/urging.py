"""Đôn đốc and what is overdue."""

from bot.chat.desk import Desk
from bot.chat.handlers.inquiries import by_number, of_press
from bot.operations import access, urging
from bot.rules.permissions import Right
from bot.wording import urging as wording
from bot.wording.callbacks import Press
from bot.wording.catalogue import say
from bot.wording.message import Message
from storage.kinds import Role


def dondoc(desk: Desk, words: str) -> None:
    """/dondoc_12 urges; alone it lists what can be urged: for a head, the officers' inquiries."""
    if words:
        inquiry = by_number(desk, words, "dondoc")
        said = urging.urge(desk.session, inquiry, by=desk.member, now=desk.now, office=desk.office)
        desk.reply(Message(say("plain", text=said)))
    elif desk.member.has(Role.LEADER):
        found = urging.pressing(desk.session, desk.member, desk.now)
        desk.reply(wording.pressing(found, desk.office, desk.now))
    else:
        officers = urging.of_officers(desk.session, desk.member)
        desk.reply(wording.of_officers(officers, desk.office, desk.now))


def quahan(desk: Desk, _words: str) -> None:
    """/quahan: what is overdue in the person's sphere."""
    access.require_right(Right.LIST_INQUIRIES, desk.member)
    found = urging.overdue(desk.session, desk.member, desk.now)
    command = "traloi" if desk.member.has(Role.HEAD) else "xem"
    desk.reply(wording.overdue(found, desk.office, desk.now, command))


def press_urge(desk: Desk, press: Press) -> str:
    """Đôn đốc."""
    inquiry = of_press(desk, press)
    return urging.urge(desk.session, inquiry, by=desk.member, now=desk.now, office=desk.office)
