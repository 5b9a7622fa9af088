"""The weekly summary on demand: now and then, of all branches or of one; what waits; the workbook."""

from bot.chat.desk import Desk
from bot.operations import access, documents, summaries
from bot.operations.post import About
from bot.operations.refusals import Refusal
from bot.rules.dates import HANOI, UnreadableDate
from bot.rules.permissions import Right
from bot.rules.summaries import past_day
from bot.wording import summaries as wording
from bot.wording.callbacks import Press
from bot.wording.catalogue import plain
from bot.wording.message import Message
from storage import branches
from storage.kinds import SubjectKind


class DateWanted(Refusal):
    """The words are no date."""

    key = "summaries.date_wanted"


def tonghop(desk: Desk, words: str) -> None:
    """/tonghop: as things stand now; with a date (/tonghop_04_12) what was sent then."""
    access.require_right(Right.READ_SUMMARIES, desk.member)
    if not words:
        _reply(desk, summaries.present(desk.session, None, by=desk.member, now=desk.now, office=desk.office))
        return
    try:
        day = past_day(words.replace("_", "/"), today=desk.now.astimezone(HANOI).date())
    except UnreadableDate:
        raise DateWanted(words=words) from None
    _reply(desk, summaries.sent(desk.session, day, by=desk.member, now=desk.now, office=desk.office))


def donvi(desk: Desk, words: str) -> None:
    """/donvi: one branch as it stands now; alone, for those who see all, the list of branches."""
    branch_id = summaries.branch_named(desk.session, words, by=desk.member)
    if branch_id is None:
        desk.reply(wording.branch_list(branches.all_branches(desk.session)))
        return
    shown = summaries.present(desk.session, branch_id, by=desk.member, now=desk.now, office=desk.office)
    _reply(desk, shown)


def _reply(desk: Desk, messages: list[Message]) -> None:
    for message in messages:
        desk.reply(message, About(SubjectKind.SUMMARY, 0))


def press_tasks(desk: Desk, _press: Press) -> None:
    """Việc chờ tôi."""
    for message in summaries.tasks(desk.session, by=desk.member, now=desk.now):
        desk.reply(message)


def press_workbook(desk: Desk, press: Press) -> str:
    """Bảng Excel."""
    documents.want_workbook(
        desk.session,
        press.subject_id,
        _branch(press),
        by=desk.member,
        chat_id=desk.chat_id,
        now=desk.now,
        office=desk.office,
    )
    return plain("summaries.workbook_toast")


def press_urge(desk: Desk, press: Press) -> str:
    """Đôn đốc quá hạn: everything that is overdue now."""
    return summaries.urge_overdue(
        desk.session, _branch(press), by=desk.member, now=desk.now, office=desk.office
    )


def _branch(press: Press) -> int | None:
    return press.number if press.extra else None
