"""Judging an answer: sufficient, a further question, not sufficient."""

from bot.chat.desk import Desk
from bot.chat.handlers.inquiries import of_press
from bot.operations import verdicts
from bot.operations.refusals import NotYours, OpenAlready
from bot.rules.lifecycle import OPEN
from bot.wording.callbacks import Press
from bot.wording.catalogue import plain
from storage.kinds import Act
from storage.tables import Inquiry


def press_accept(desk: Desk, press: Press) -> str:
    """Đạt yêu cầu."""
    verdicts.accept(desk.session, of_press(desk, press), round=press.round, by=desk.member, now=desk.now)
    return plain("verdicts.accepted_toast")


def press_further(desk: Desk, press: Press) -> None:
    """Hỏi thêm: asks for the question."""
    _begin(desk, press, Act.ASK_FURTHER)


def press_insufficient(desk: Desk, press: Press) -> None:
    """Chưa đạt yêu cầu: asks for the reason."""
    _begin(desk, press, Act.FIND_INSUFFICIENT)


def _begin(desk: Desk, press: Press, act: Act) -> None:
    verdicts.begin(
        desk.session,
        of_press(desk, press),
        act,
        round=press.round,
        by=desk.member,
        now=desk.now,
        office=desk.office,
    )


def remark(desk: Desk, inquiry: Inquiry, text: str, *, is_reason: bool = False) -> None:
    """Take a leader's text on an inquiry: nothing is sent before a button says what it is."""
    if inquiry.asked_by != desk.member.id:
        raise NotYours
    if inquiry.state in OPEN:
        raise OpenAlready(number=f"{inquiry.number}/{inquiry.year}")
    verdicts.remark(
        desk.session,
        inquiry,
        text,
        files=desk.files,
        round=inquiry.round,
        is_reason=is_reason,
        by=desk.member,
        now=desk.now,
        office=desk.office,
    )


def press_send_further(desk: Desk, press: Press) -> str:
    """Gửi hỏi thêm."""
    return plain("verdicts.further_toast", round=_use(desk, press, Act.ASK_FURTHER).round)


def press_send_insufficient(desk: Desk, press: Press) -> str:
    """Chưa đạt yêu cầu, for a text already written."""
    return plain("verdicts.insufficient_toast", round=_use(desk, press, Act.FIND_INSUFFICIENT).round)


def press_note(desk: Desk, press: Press) -> str:
    """Chỉ ghi nhận."""
    verdicts.note(desk.session, press.subject_id, by=desk.member, now=desk.now)
    return plain("verdicts.noted_toast")


def press_reopen(desk: Desk, press: Press) -> str:
    """Mở lại."""
    inquiry = of_press(desk, press)
    verdicts.reopen(
        desk.session, inquiry, round=press.round, by=desk.member, now=desk.now, office=desk.office
    )
    return plain("verdicts.reopened_toast")


def _use(desk: Desk, press: Press, act: Act) -> Inquiry:
    return verdicts.use_remark(
        desk.session, press.subject_id, act, by=desk.member, now=desk.now, office=desk.office
    )
