"""Finding and seeing cases."""

from bot.chat.desk import Desk
from bot.operations import access, cases, searches
from bot.operations.post import About
from bot.rules.permissions import Right
from bot.wording.callbacks import Press
from storage.kinds import SubjectKind


def vuviec(desk: Desk, words: str) -> None:
    """/vuviec: search by parties, numbers, officer, branch; marks are optional."""
    access.require_right(Right.SEARCH_CASES, desk.member)
    if not words:
        desk.say("cases.words_wanted")
        return
    found = searches.begin(desk.session, words, by=desk.member, now=desk.now)
    if found is not None:
        message, case_id = found
        desk.reply(message, About(SubjectKind.CASE, case_id) if case_id else None)


def press_page(desk: Desk, press: Press) -> None:
    """Trang trước, Trang sau."""
    searches.turn(desk.session, press.subject_id, press.number, by=desk.member, now=desk.now)


def press_show(desk: Desk, press: Press) -> None:
    """One of the cases found."""
    message = cases.look(desk.session, press.subject_id, by=desk.member, now=desk.now)
    desk.reply(message, About(SubjectKind.CASE, press.subject_id))
