"""The table of presses: which handler each button calls."""

from collections.abc import Callable, Mapping

from bot.chat.desk import Desk
from bot.chat.handlers import (
    answers,
    cases,
    drafts,
    enrolment,
    inquiries,
    quiet,
    staff,
    summaries,
    urging,
    verdicts,
)
from bot.wording.callbacks import Press, Tap
from storage.kinds import SubjectKind


def _turn_page(desk: Desk, press: Press) -> None:
    """Trang trước, Trang sau: of the cases found, or of those that a draft offers."""
    turn = cases.press_page if press.kind is SubjectKind.SEARCH else drafts.press_page
    turn(desk, press)


PRESSES: Mapping[Tap, Callable[[Desk, Press], str | None]] = {
    Tap.SEND: drafts.press_send,
    Tap.SEND_FLASH: drafts.press_send,
    Tap.EDIT: drafts.press_edit,
    Tap.CANCEL: drafts.press_cancel,
    Tap.URGENCY: drafts.press_urgency,
    Tap.SET_URGENCY: drafts.press_set_urgency,
    Tap.BACK: drafts.press_back,
    Tap.CHOOSE_DUE: drafts.press_choose_due,
    Tap.SET_DUE: drafts.press_set_due,
    Tap.PICK_BRANCH: drafts.press_pick_branch,
    Tap.OTHER_BRANCH: drafts.press_other_branch,
    Tap.NOT_LISTED: drafts.press_not_listed,
    Tap.PAGE: _turn_page,
    Tap.PICK: drafts.press_pick,
    Tap.ASK_ANYWAY: drafts.press_ask_anyway,
    Tap.SEEK_AGAIN: drafts.press_seek_again,
    Tap.RECEIVE: inquiries.press_receive,
    Tap.ANSWER: answers.press_answer,
    Tap.RECKONING: inquiries.press_reckoning,
    Tap.SEND_ANSWER: answers.press_send,
    Tap.WRITE_MORE: answers.press_write_more,
    Tap.REWRITE: answers.press_rewrite,
    Tap.CANCEL_ANSWER: answers.press_cancel,
    Tap.BELONGS: answers.press_belongs,
    Tap.BELONGS_NOWHERE: answers.press_belongs_nowhere,
    Tap.SHOW_ANSWER: inquiries.press_show_answer,
    Tap.ACCEPT: verdicts.press_accept,
    Tap.FURTHER: verdicts.press_further,
    Tap.INSUFFICIENT: verdicts.press_insufficient,
    Tap.SEND_FURTHER: verdicts.press_send_further,
    Tap.SEND_INSUFFICIENT: verdicts.press_send_insufficient,
    Tap.NOTE: verdicts.press_note,
    Tap.REOPEN: verdicts.press_reopen,
    Tap.WITHDRAW: inquiries.press_withdraw,
    Tap.URGE: urging.press_urge,
    Tap.SHOW: inquiries.press_show,
    Tap.ASK_CASE: drafts.press_ask_case,
    Tap.SHOW_CASE: cases.press_show,
    Tap.QUIET: quiet.press_quiet,
    Tap.READ: enrolment.press_read,
    Tap.NOT_ME: enrolment.press_not_me,
    Tap.MY_TASKS: summaries.press_tasks,
    Tap.URGE_OVERDUE: summaries.press_urge,
    Tap.WORKBOOK: summaries.press_workbook,
    Tap.SUSPEND: staff.press_suspend,
    Tap.RESTORE: staff.press_restore,
    Tap.TAKE_OFF: staff.press_take_off,
    Tap.NEW_CODE: staff.press_new_code,
    Tap.WHO_MISSES: staff.press_who_misses,
}
