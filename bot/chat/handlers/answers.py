"""Answering: by command, by button, by reply; the preview and its press."""

from bot.chat.desk import Desk
from bot.chat.handlers.inquiries import by_number, of_press
from bot.operations import answers, inquiries
from bot.wording import views
from bot.wording.callbacks import Press
from bot.wording.catalogue import plain
from storage.tables import Inquiry


def traloi(desk: Desk, words: str) -> None:
    """/traloi_12: asks for the text of the answer; alone it offers what waits for one."""
    if words and desk.files:
        write(desk, by_number(desk, words, "traloi"), "", message_id=0)
        return
    if words:
        _begin(desk, by_number(desk, words, "traloi"))
        return
    waiting = inquiries.waiting_for(desk.session, desk.member)
    if len(waiting) == 1:
        _begin(desk, waiting[0].inquiry)
    elif waiting:
        desk.reply(views.open_list(waiting, desk.office, desk.now, command="traloi"))
    else:
        raise answers.NothingToAnswer


def press_answer(desk: Desk, press: Press) -> None:
    """Trả lời."""
    inquiry = of_press(desk, press)
    answers.begin(desk.session, inquiry, round=press.round, by=desk.member, now=desk.now, office=desk.office)


def _begin(desk: Desk, inquiry: Inquiry) -> None:
    answers.begin(
        desk.session, inquiry, round=inquiry.round, by=desk.member, now=desk.now, office=desk.office
    )


def write(desk: Desk, inquiry: Inquiry, text: str, message_id: int) -> None:
    """Add a text to the answer of an inquiry's present round."""
    answers.write(
        desk.session,
        inquiry,
        text,
        files=desk.files,
        round=inquiry.round,
        message_id=message_id,
        by=desk.member,
        now=desk.now,
        office=desk.office,
    )


def ask_where(desk: Desk, text: str, message_id: int) -> None:
    """Ask to which inquiry a text belongs."""
    answers.ask_where(
        desk.session, text, files=desk.files, message_id=message_id, by=desk.member, now=desk.now
    )


def press_send(desk: Desk, press: Press) -> str:
    """Gửi trả lời: sends what the pressed preview shows."""
    answers.send(
        desk.session,
        press.subject_id,
        preview=press.number,
        by=desk.member,
        now=desk.now,
        office=desk.office,
    )
    return plain("answers.sent_toast")


def press_write_more(desk: Desk, press: Press) -> None:
    """Viết thêm."""
    answers.write_more(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)


def press_rewrite(desk: Desk, press: Press) -> None:
    """Sửa."""
    answers.rewrite(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)


def press_cancel(desk: Desk, press: Press) -> str:
    """Hủy."""
    answers.cancel(desk.session, press.subject_id, by=desk.member, now=desk.now)
    return plain("answers.cancelled_toast")


def press_belongs(desk: Desk, press: Press) -> None:
    """One of the inquiries to which a text may belong."""
    answers.belongs(
        desk.session,
        press.subject_id,
        press.number,
        by=desk.member,
        now=desk.now,
        office=desk.office,
    )


def press_belongs_nowhere(desk: Desk, press: Press) -> str:
    """Không phải trả lời."""
    answers.belongs(desk.session, press.subject_id, None, by=desk.member, now=desk.now, office=desk.office)
    return plain("answers.nowhere")
