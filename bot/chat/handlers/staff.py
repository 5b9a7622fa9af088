"""People, by the administrator: the list, a person's card, suspending, taking off, a new code."""

import re

from bot.chat.desk import Desk
from bot.operations import staff
from bot.wording import staff as wording
from bot.wording.callbacks import Press
from bot.wording.catalogue import plain
from storage.text import fold

NUMBER = re.compile(r"[0-9]{1,9}")


def nguoidung(desk: Desk, words: str) -> None:
    """/nguoidung: all people; with a name those who bear it; /nguoidung_5 one person."""
    if NUMBER.fullmatch(words):
        desk.reply(wording.card(staff.find(desk.session, int(words), by=desk.member)))
        return
    everyone = staff.everyone(desk.session, by=desk.member)
    named = [one for one in everyone if fold(words) in fold(one.person.name)]
    if named:
        desk.reply(wording.people(named))
    else:
        desk.say("staff.none", words=words)


def press_suspend(desk: Desk, press: Press) -> str:
    """Tạm ngừng."""
    member = staff.suspend(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)
    return plain("staff.suspended_toast", name=member.person.name)


def press_restore(desk: Desk, press: Press) -> str:
    """Cho dùng lại."""
    member = staff.restore(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)
    return plain("staff.restored_toast", name=member.person.name)


def press_take_off(desk: Desk, press: Press) -> str:
    """Gỡ tài khoản: the one that the button was shown for."""
    staff.find(desk.session, press.subject_id, by=desk.member)
    member = staff.take_off(
        desk.session,
        press.subject_id,
        account_id=press.number,
        by=desk.member,
        now=desk.now,
        office=desk.office,
    )
    return plain("staff.taken_off_toast", name=member.person.name)


def press_new_code(desk: Desk, press: Press) -> None:
    """Cấp mã mới."""
    member = staff.find(desk.session, press.subject_id, by=desk.member)
    code = staff.new_code(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)
    desk.reply(wording.code(member, code, desk.office), is_secret=True)


def press_who_misses(desk: Desk, _press: Press) -> None:
    """Ai chưa đăng ký."""
    desk.reply(wording.missing(staff.everyone(desk.session, by=desk.member)))
