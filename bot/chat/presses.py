"""The table of presses: which handler each button calls."""

from collections.abc import Callable, Mapping

from bot.chat.desk import Desk
from bot.chat.handlers import answers, cases, drafts, enrolment, inquiries, staff, verdicts
from bot.wording.callbacks import Press, Tap

PRESSES: Mapping[Tap, Callable[[Desk, Press], str | None]] = {
    Tap.SEND: drafts.press_send,
    Tap.SEND_FLASH: drafts.press_send,
    Tap.EDIT: drafts.press_edit,
    Tap.CANCEL: drafts.press_cancel,
    Tap.URGENCY: drafts.press_urgency,
    Tap.SET_URGENCY: drafts.press_set_urgency,
    Tap.BACK: drafts.press_back,
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
    Tap.WITHDRAW: inquiries.press_withdraw,
    Tap.SHOW: inquiries.press_show,
    Tap.ASK_CASE: drafts.press_ask_case,
    Tap.SHOW_CASE: cases.press_show,
    Tap.READ: enrolment.press_read,
    Tap.NOT_ME: enrolment.press_not_me,
    Tap.SUSPEND: staff.press_suspend,
    Tap.RESTORE: staff.press_restore,
    Tap.TAKE_OFF: staff.press_take_off,
    Tap.NEW_CODE: staff.press_new_code,
    Tap.WHO_MISSES: staff.press_who_misses,
}
