"""Asking: drafts by command, by free text, by the buttons of their card."""

from bot.chat.desk import Desk
from bot.operations import access, choosing, drafts, terms
from bot.operations import cases as case_operations
from bot.rules.permissions import Right
from bot.wording.callbacks import ForgedPress, Press, Tap
from bot.wording.catalogue import plain
from storage.kinds import Urgency


def chatvan(desk: Desk, words: str) -> None:
    """/chatvan: what follows names the case and asks the question; alone it leads by buttons."""
    access.require_right(Right.ASK, desk.member)
    if words or desk.files:
        begin(desk, words)
    else:
        choosing.begin(desk.session, by=desk.member, now=desk.now)


def begin(desk: Desk, text: str) -> None:
    """Begin a draft from free text."""
    drafts.begin(desk.session, text, files=desk.files, by=desk.member, now=desk.now, office=desk.office)


def begin_on_case(desk: Desk, case_id: int, text: str = "") -> None:
    """Begin a draft on a case at hand, with the question if it is known."""
    case = case_operations.find(desk.session, case_id, by=desk.member)
    drafts.begin_on(
        desk.session, case, text, files=desk.files, by=desk.member, now=desk.now, office=desk.office
    )


def take_text(desk: Desk, draft_id: int, text: str) -> None:
    """Take a text for a draft."""
    drafts.take_text(
        desk.session, draft_id, text, files=desk.files, by=desk.member, now=desk.now, office=desk.office
    )


def join(desk: Desk, draft_id: int, text: str) -> None:
    """Add late files of an album, and their caption, to the draft that has the others."""
    drafts.join(
        desk.session, draft_id, text, files=desk.files, by=desk.member, now=desk.now, office=desk.office
    )


def press_ask_case(desk: Desk, press: Press) -> None:
    """Chất vấn vụ này."""
    begin_on_case(desk, press.subject_id)


def press_pick(desk: Desk, press: Press) -> None:
    """One of the offered cases."""
    drafts.pick(
        desk.session,
        press.subject_id,
        press.number,
        by=desk.member,
        now=desk.now,
        office=desk.office,
    )


def press_pick_branch(desk: Desk, press: Press) -> None:
    """One of the branches."""
    choosing.pick_branch(desk.session, press.subject_id, press.number, by=desk.member, now=desk.now)


def press_other_branch(desk: Desk, press: Press) -> None:
    """Đơn vị khác."""
    choosing.other_branch(desk.session, press.subject_id, by=desk.member, now=desk.now)


def press_page(desk: Desk, press: Press) -> None:
    """Trang trước, Trang sau."""
    choosing.turn(desk.session, press.subject_id, press.number, by=desk.member, now=desk.now)


def press_not_listed(desk: Desk, press: Press) -> None:
    """Ngoài danh sách."""
    choosing.ask_number(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)


def press_ask_anyway(desk: Desk, press: Press) -> None:
    """Vẫn hỏi."""
    drafts.ask_anyway(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)


def press_seek_again(desk: Desk, press: Press) -> None:
    """Tìm lại."""
    drafts.seek_again(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)


def press_edit(desk: Desk, press: Press) -> None:
    """Sửa."""
    drafts.edit(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)


def press_urgency(desk: Desk, press: Press) -> None:
    """Mức khẩn."""
    terms.choose_urgency(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)


def press_back(desk: Desk, press: Press) -> None:
    """Quay lại."""
    terms.keep_urgency(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)


def press_set_urgency(desk: Desk, press: Press) -> None:
    """Thường, Khẩn, Thượng khẩn, Hỏa tốc."""
    if press.extra not in list(Urgency):
        raise ForgedPress(press.extra)
    urgency = Urgency(press.extra)
    terms.set_urgency(
        desk.session, press.subject_id, urgency, by=desk.member, now=desk.now, office=desk.office
    )


def press_choose_due(desk: Desk, press: Press) -> None:
    """Hạn khác."""
    terms.choose_due(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)


def press_set_due(desk: Desk, press: Press) -> None:
    """One of the days that are offered."""
    terms.set_due(desk.session, press.subject_id, press.day, by=desk.member, now=desk.now, office=desk.office)


def take_due(desk: Desk, draft_id: int, text: str) -> None:
    """Take the day that was asked for."""
    terms.take_due(desk.session, draft_id, text, by=desk.member, now=desk.now, office=desk.office)


def press_show(desk: Desk, press: Press) -> None:
    """Xem bản nháp."""
    drafts.show_anew(desk.session, press.subject_id, by=desk.member, now=desk.now)


def press_cancel(desk: Desk, press: Press) -> str:
    """Hủy."""
    drafts.cancel(desk.session, press.subject_id, by=desk.member, now=desk.now)
    return plain("drafts.cancelled_toast")


def press_send(desk: Desk, press: Press) -> str:
    """Gửi chất vấn, Gửi hỏa tốc: a hỏa tốc goes out by its own button alone."""
    draft = drafts.find(desk.session, press.subject_id, by=desk.member)
    if press.tap is Tap.SEND and draft.urgency is Urgency.FLASH:
        drafts.show(desk.session, draft, by=desk.member, now=desk.now)
        return plain("drafts.press_flash")
    inquiry = drafts.send(desk.session, press.subject_id, by=desk.member, now=desk.now, office=desk.office)
    return plain("drafts.sent_toast", number=f"{inquiry.number}/{inquiry.year}")
