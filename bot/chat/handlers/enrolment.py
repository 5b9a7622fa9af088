"""Strangers, codes, and the two buttons under the welcome."""

import re

from bot.chat.desk import Desk
from bot.operations import access, enrolment
from bot.operations.refusals import NotYours
from bot.wording.callbacks import Press
from bot.wording.catalogue import plain

# Three groups of four as printed, whatever a phone puts between and after them, or one word that may be
# meant as a code.
CODE = re.compile(r"[0-9A-Za-z]{4}(?:\W{0,3}[0-9A-Za-z]{4}){2}\W?|[0-9A-Za-z-]{4,24}")
START = re.compile(r"^/start(?:@\w+)?(?!\S)", re.IGNORECASE)


def greet_stranger(desk: Desk, text: str, user_id: int, display_name: str) -> None:
    """Answer somebody unknown: take a code, else say the one neutral text."""
    words = START.sub("", text).strip()
    if not CODE.fullmatch(words):
        desk.say("enrolment.stranger")
        return
    if not try_code(desk, words, user_id, display_name):
        desk.say("enrolment.code_unusable")


def try_code(desk: Desk, code: str, user_id: int, display_name: str) -> bool:
    """Try a code; return whether it fits."""
    return (
        enrolment.try_code(desk.session, user_id, display_name, code, now=desk.now, office=desk.office)
        is not None
    )


def start(desk: Desk, words: str) -> bool:
    """/start of somebody enrolled; return whether a code came with it and was dealt with."""
    if not words or not CODE.fullmatch(words):
        return False
    if enrolment.is_for_another(desk.session, words, desk.member, now=desk.now, office=desk.office):
        desk.say("enrolment.occupied", name=desk.member.person.name)
        return True
    assert desk.member.account is not None
    account = desk.member.account
    if not try_code(desk, words, account.telegram_id, account.display_name):
        desk.say("enrolment.code_unusable")
    return True


def press_read(desk: Desk, press: Press) -> str:
    """Tôi đã đọc."""
    _require_self(desk, press)
    at = enrolment.note_read(desk.session, desk.member, now=desk.now)
    return plain("refusal.already", at=access.clock(at, desk.now))


def press_not_me(desk: Desk, press: Press) -> str:
    """Không phải tôi."""
    _require_self(desk, press)
    enrolment.not_me(desk.session, desk.member, now=desk.now, office=desk.office)
    return plain("enrolment.unbound")


def _require_self(desk: Desk, press: Press) -> None:
    if press.subject_id != desk.member.id:
        raise NotYours
