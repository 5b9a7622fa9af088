"""/caidat: a person's own quiet hours."""

from bot.chat.desk import Desk
from bot.operations import quiet
from bot.operations.refusals import NotYours
from bot.rules.quiet import CHOICES
from bot.wording import quiet as wording
from bot.wording.callbacks import ForgedPress, Press


def caidat(desk: Desk, _words: str) -> None:
    """/caidat: shows what is chosen, and lets it be changed."""
    desk.reply(wording.card(desk.member, quiet.chosen(desk.session, desk.member)))


def press_quiet(desk: Desk, press: Press) -> str:
    """One of the choices: made, or taken back. The settings are shown anew."""
    if press.subject_id != desk.member.id:
        raise NotYours
    if press.extra not in CHOICES:
        raise ForgedPress(press.extra)
    is_chosen = quiet.toggle(desk.session, press.extra, by=desk.member)
    caidat(desk, "")
    return wording.toast(press.extra, is_chosen=is_chosen)
