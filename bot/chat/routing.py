"""From an update to its handler. Runs whole inside one unit; a refusal undoes the handler's work alone."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.chat.commands import BY_NAME
from bot.chat.desk import Desk
from bot.chat.handlers import enrolment, files, texts
from bot.chat.incoming import Incoming, Kind, RepliedTo
from bot.chat.presses import PRESSES
from bot.operations import attachments, delivery
from bot.operations import enrolment as enrolment_operations
from bot.operations.attachments import Fetched
from bot.operations.post import About
from bot.operations.refusals import OfInquiry, Refusal
from bot.rules.numbers import inquiry_number
from bot.rules.office import Office
from bot.wording.callbacks import SUBJECTS, ForgedPress, Press, Tap, decode
from bot.wording.catalogue import plain, say
from bot.wording.message import Message
from storage import inquiries, outbox, people
from storage.kinds import Lane, OutboxKind, SubjectKind
from storage.text import fold

NOTHING = Fetched()


def work(
    session: Session, incoming: Incoming, fetched: Fetched = NOTHING, *, now: datetime, office: Office
) -> str | None:
    """Work off one update with its files; return the toast to speak once the work is committed."""
    if not incoming.is_private:
        outbox.queue(session, incoming.chat_id, OutboxKind.LEAVE, {}, lane=Lane.OWN, now=now)
        return None
    person = people.by_telegram_id(session, incoming.user_id)
    desk = Desk(session, person, now, office, incoming.chat_id)
    if incoming.kind is Kind.MEMBERSHIP:
        _membership(desk, incoming)
        return None
    if person is None:
        return _stranger(desk, incoming)
    enrolment_operations.reach_again(session, person, now=now, office=office)
    if not person.is_active:
        return _speak(desk, incoming, plain("enrolment.suspended"))
    noted = attachments.note(session, fetched.files, by=person, now=now)
    return _guarded(replace(desk, files=noted), incoming, fetched.refusal)


def _guarded(desk: Desk, incoming: Incoming, refusal: Refusal | None) -> str | None:
    """Run the handler under a savepoint of its own: what a refusal interrupts leaves no trace."""
    try:
        if refusal is not None:
            raise refusal
        with desk.session.begin_nested():
            toast = _handle(desk, incoming)
            attachments.require_place(desk.files)
    except Refusal as refusal:
        toast = plain(refusal.key, **refusal.values)
        if isinstance(refusal, OfInquiry) and incoming.is_text:
            toast = plain("refusal.text_unsent", reason=toast)
    except ForgedPress:
        toast = plain("refusal.forged")
    return _speak(desk, incoming, toast) if toast else None


def _speak(desk: Desk, incoming: Incoming, text: str) -> str | None:
    """A press is answered by a toast, everything else by a message."""
    if incoming.kind is Kind.PRESS:
        return text
    desk.reply(Message(say("plain", text=text)))
    return None


def _membership(desk: Desk, incoming: Incoming) -> None:
    """An account that let the bot in again gets what was held; one that blocks it is noticed in sending."""
    if desk.person is not None and not incoming.has_left:
        enrolment_operations.reach_again(desk.session, desk.person, now=desk.now, office=desk.office)


def _stranger(desk: Desk, incoming: Incoming) -> str | None:
    if incoming.kind is Kind.PRESS:
        return plain("enrolment.stranger")
    if incoming.kind not in (Kind.EDIT, Kind.OTHER):
        enrolment.greet_stranger(desk, incoming.text, incoming.user_id, incoming.display_name)
    return None


def _handle(desk: Desk, incoming: Incoming) -> str | None:
    if incoming.kind is Kind.PRESS:
        return _press(desk, incoming, decode(incoming.press_data))
    if incoming.kind is Kind.EDIT:
        return plain("refusal.edited_after")
    if incoming.kind is Kind.OTHER:
        return None  # a notice of Telegram's own
    if incoming.kind is Kind.FILE and not desk.files:
        return plain("refusal.not_taken")
    if files.joins_album(desk, incoming.text, incoming.message_id, incoming.album):
        return None
    if incoming.command is not None:
        return _command(desk, *incoming.command)
    about = _about(desk, incoming.reply) if incoming.reply else None
    press = _named_button(desk, incoming, about)
    if press is not None:
        return PRESSES[press.tap](desk, press)
    texts.take(desk, incoming.text, incoming.message_id, about)
    return None


def _press(desk: Desk, incoming: Incoming, press: Press) -> str | None:
    if press.kind is not SUBJECTS[press.tap]:
        raise ForgedPress(incoming.press_data)
    about = About(press.kind, press.subject_id, press.round)
    if incoming.message_id:
        delivery.adopt(desk.session, incoming.chat_id, incoming.message_id, about)
    return PRESSES[press.tap](desk, press)


def _command(desk: Desk, name: str, words: str) -> str | None:
    if name == "start" and enrolment.start(desk, words):
        return None
    command = BY_NAME.get(name)
    if command is None:
        return plain("refusal.unknown_command")
    if command.roles.isdisjoint(desk.member.roles):
        return plain("refusal.not_yours")
    command.run(desk, words)
    return None


# --- what a text replies to -------------------------------------------------------------------


def _about(desk: Desk, reply: RepliedTo) -> About | None:
    """Return what the message replied to is about, by its buttons or its number if its id was lost."""
    known = outbox.about(desk.session, desk.chat_id, reply.message_id)
    if known is not None:
        return About(known.kind, known.subject_id, known.round)
    about = _by_buttons(reply) or _by_number(desk.session, reply)
    if about is not None:
        delivery.adopt(desk.session, desk.chat_id, reply.message_id, about)
    return about


def _by_buttons(reply: RepliedTo) -> About | None:
    for _label, data in reply.buttons:
        try:
            press = decode(data)
        except ForgedPress:
            continue
        return About(press.kind, press.subject_id, press.round)
    return None


def _by_number(session: Session, reply: RepliedTo) -> About | None:
    """Read the inquiry's number in the first line: `Chất vấn 12/2027 · Khẩn`."""
    for words in reply.text.partition("\n")[0].replace("·", ":").replace(",", ":").split(":"):
        named = inquiry_number(words.strip(" ❗⚡✅"))
        if named and named[1]:
            inquiry = inquiries.by_number(session, named[0], named[1])
            return About(SubjectKind.INQUIRY, inquiry.id, inquiry.round) if inquiry and inquiry.id else None
    return None


def _named_button(desk: Desk, incoming: Incoming, about: About | None) -> Press | None:
    """Return the press that a whole text equal to a label means, in reply to a card; marks are optional."""
    if incoming.reply is None or about is None:
        return None
    wanted = fold(incoming.text)
    known = outbox.about(desk.session, desk.chat_id, incoming.reply.message_id)
    shown = [pair for row in (known.buttons or [] if known else []) for pair in row]
    for label, data in [*incoming.reply.buttons, *shown]:
        if fold(label) == wanted:
            return decode(data)
    tap = LABELS.get(wanted)
    if tap is None or about.kind is not SubjectKind.INQUIRY:
        return None
    # The live card belongs to no round of its own: it shows the present one.
    round = about.round or inquiries.get(desk.session, about.subject_id).round
    return Press(tap, about.kind, about.subject_id, round)


# Acts on an inquiry that may be named in reply to its card even when the card no longer offers them.
LABELS = {
    fold(plain(f"button.{tap.name.lower()}")): tap
    for tap in (
        Tap.RECEIVE,
        Tap.ANSWER,
        Tap.RECKONING,
        Tap.SHOW_ANSWER,
        Tap.ACCEPT,
        Tap.FURTHER,
        Tap.INSUFFICIENT,
        Tap.REOPEN,
        Tap.WITHDRAW,
        Tap.URGE,
        Tap.SHOW,
    )
}
