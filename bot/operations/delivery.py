"""What became of a message: marking it is an operation too (mark, map, receipt, card, the people told)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.operations import cards, inquiries, post, reminders
from bot.operations.post import About
from bot.rules.lifecycle import ENDS
from bot.rules.office import Office
from bot.wording.catalogue import plain, say
from bot.wording.message import Message
from storage import inquiries as stored
from storage import outbox, people
from storage.kinds import (
    CardKind,
    Hindrance,
    Lane,
    OutboxKind,
    OutboxState,
    State,
    SubjectKind,
)
from storage.tables import Card, Inquiry, Outgoing


@dataclass(frozen=True)
class Shown:
    """What the sender drew for a card: which version, and how it looked."""

    version: int
    digest: str
    buttons: list[Any]
    reminded: tuple[int, ...] = ()  # of which reminders it spoke


def mark_sent(
    session: Session,
    row_id: int,
    message_id: int | None = None,
    *others: int,
    shown: Shown | None = None,
    now: datetime,
    office: Office,
) -> None:
    """Note that Telegram took an outbox row, under which message id; an album has several."""
    row = session.get(Outgoing, row_id)
    if row is None or row.state is OutboxState.SENT:
        return
    was_dropped = row.state is OutboxState.FAILED
    row.state, row.sent_at, row.error = OutboxState.SENT, now, ""
    if row.payload.get("is_secret"):
        row.payload = {**row.payload, "html": ""}
    session.add(row)
    session.flush()
    if row.card_id is not None and shown is not None:
        _mark_card(session, row, message_id, shown, now=now, office=office)
    elif message_id is not None and (about := row.payload.get("about")):
        kind, subject_id, round = about
        buttons = shown.buttons if shown else row.payload.get("buttons")
        for one in (message_id, *others):
            outbox.map_message(session, row.chat_id, one, SubjectKind(kind), subject_id, round, buttons)
    if shown is not None and not was_dropped:  # else its reminders were forgotten, and are given anew
        reminders.note_sent(session, row, shown.reminded, now=now)


def _mark_card(
    session: Session, row: Outgoing, message_id: int | None, shown: Shown, *, now: datetime, office: Office
) -> None:
    card = session.get(Card, row.card_id)
    assert card is not None
    card.shown, card.digest = shown.version, shown.digest
    replaced = None
    if message_id is None or message_id != card.replaces:  # else a newer message is wanted: see below
        card.message_id = message_id or card.message_id
        replaced, card.replaces = card.replaces, None
    session.add(card)
    session.flush()
    if card.message_id is not None:
        about = cards.about(card)
        outbox.map_message(
            session,
            card.chat_id,
            card.message_id,
            about.kind,
            about.subject_id,
            about.round,
            shown.buttons,
        )
    if replaced is not None:
        payload = {"message_id": replaced}
        outbox.queue(session, card.chat_id, OutboxKind.DELETE, payload, lane=Lane.OWN, now=now)
    # It changed while it was on its way.
    is_stale = card.wanted > shown.version and not outbox.is_card_queued(session, card.id)
    if is_stale and _concerns_its_chat(session, card):
        again = outbox.queue(session, card.chat_id, OutboxKind.CARD, {}, lane=Lane(row.lane), now=now)
        again.card_id = card.id
        session.add(again)
        session.flush()
    if card.kind is CardKind.NOTICE:
        _note_delivery(session, card, now=now, office=office)


def _note_delivery(session: Session, card: Card, *, now: datetime, office: Office) -> None:
    """A notice that has arrived at the present head's phone starts the clock of its round."""
    inquiry = stored.get(session, card.subject_id)
    is_awaited = card.round == inquiry.round and inquiry.state in (State.QUEUED, State.HELD)
    if is_awaited and _is_of_head(session, card, inquiry):
        inquiries.deliver(session, inquiry, now=now, office=office)


def _is_of_head(session: Session, card: Card, inquiry: Inquiry) -> bool:
    head = people.head_of(session, inquiry.branch_id)
    return head is not None and head.chat_id == card.chat_id


def _concerns_its_chat(session: Session, card: Card) -> bool:
    """Return whether whoever holds the card's phone may see it change; that an inquiry ended they may."""
    if card.kind is not CardKind.NOTICE:
        return True
    inquiry = stored.get(session, card.subject_id)
    return inquiry.state in ENDS or _is_of_head(session, card, inquiry)


def mark_needless(session: Session, row_id: int) -> None:
    """Drop a reminder whose reasons were gone before it left."""
    row = session.get(Outgoing, row_id)
    if row is not None and row.state is OutboxState.QUEUED:
        row.state = OutboxState.NEEDLESS
        session.add(row)
        reminders.drop(session, row)


def mark_deleted(session: Session, row_id: int, *, succeeded: bool, now: datetime) -> None:
    """Note a deletion; whoever sent a text with a secrecy mark reads why, and whether it is gone."""
    row = session.get(Outgoing, row_id)
    if row is None or row.state is not OutboxState.QUEUED:
        return
    row.state, row.sent_at = OutboxState.SENT, now
    session.add(row)
    if not row.payload.get("for_secrecy"):
        return
    key = "refusal.secrecy_deleted" if succeeded else "refusal.secrecy_kept"
    if people.by_telegram_id(session, row.chat_id) is None:
        key = "enrolment.stranger"  # strangers learn nothing of what this is
    post.tell_chat(session, row.chat_id, Message(say(key)), now=now)


def lose_message(session: Session, row_id: int) -> None:
    """Note that a card's message is gone from the chat: the next try sends it anew."""
    row = session.get(Outgoing, row_id)
    card = session.get(Card, row.card_id) if row and row.card_id else None
    if card is not None:
        card.message_id, card.digest = None, ""
        session.add(card)


ADOPTABLE = {
    SubjectKind.INQUIRY: (CardKind.NOTICE, CardKind.TRACKING),
    SubjectKind.DRAFT: (CardKind.DRAFT,),
    SubjectKind.SEARCH: (CardKind.SEARCH,),
}


def adopt(session: Session, chat_id: int, message_id: int, about: About) -> None:
    """Take over a message whose id was lost, which a press on it or a reply to it brought to light."""
    if outbox.about(session, chat_id, message_id) is not None:
        return
    outbox.map_message(session, chat_id, message_id, about.kind, about.subject_id, about.round)
    for kind in ADOPTABLE.get(about.kind, ()):
        round = about.round if kind is CardKind.NOTICE else 0
        card = outbox.find_card(session, kind, about.subject_id, chat_id, round=round)
        if card is not None and card.message_id is None:
            card.message_id = message_id
            session.add(card)
            session.flush()
            return


def mark_refused(session: Session, row_id: int, reason: str, *, now: datetime) -> None:
    """Keep a row that Telegram will never take, and tell the administrators."""
    row = session.get(Outgoing, row_id)
    if row is None or row.state is not OutboxState.QUEUED:
        return  # dropped meanwhile
    row.state, row.error = OutboxState.FAILED, reason
    session.add(row)
    session.flush()
    reminders.note_refused(session, row, now=now)
    _hold(session, row, Hindrance.REFUSED, now=now)
    if not row.payload.get("is_alarm"):  # else one refused alarm would beget the next
        message = Message(say("outbox.refused_to_admin", row=row_id, reason=reason))
        post.tell_admins(session, message, now=now, is_alarm=True)


def give_up(session: Session, row_id: int, reason: str, *, now: datetime) -> None:
    """Keep a row that Telegram will never take, and tell nobody: telling is what went wrong."""
    row = session.get(Outgoing, row_id)
    if row is not None:
        reminders.note_refused(session, row, now=now)
        outbox.give_up(session, row_id, reason)


def mark_unreachable(session: Session, row_id: int, hindrance: Hindrance, *, now: datetime) -> None:
    """Hold a row whose account cannot be reached; the asker and the administrators learn of it once."""
    row = session.get(Outgoing, row_id)
    if row is None or row.state is not OutboxState.QUEUED:
        return  # dropped meanwhile
    row.state, row.error = OutboxState.HELD, hindrance
    session.add(row)
    session.flush()
    member = people.by_telegram_id(session, row.chat_id)
    if member is None or member.account is None:
        row.state = OutboxState.FAILED
        return
    is_news = member.account.hindrance is None
    member.account.hindrance = hindrance
    session.add(member.account)
    session.flush()
    if not _hold(session, row, hindrance, now=now) and is_news:
        _tell_admins(session, member, hindrance, now=now)


def _hold(session: Session, row: Outgoing, hindrance: Hindrance, *, now: datetime) -> bool:
    """Hold the inquiry whose notice the row was to bring to its head; return whether it was one."""
    card = session.get(Card, row.card_id) if row.card_id else None
    if card is None or card.kind is not CardKind.NOTICE:
        return False
    inquiry = stored.get(session, card.subject_id)
    is_awaited = inquiry.state is State.QUEUED and card.round == inquiry.round
    if not (is_awaited and _is_of_head(session, card, inquiry)):
        return False
    inquiries.hold(session, inquiry, hindrance, now=now)
    return True


def _tell_admins(session: Session, member: people.Member, hindrance: Hindrance, *, now: datetime) -> None:
    branch = member.branch.name if member.branch else ""
    reason = plain(f"hindrance.{hindrance}", name=member.person.name, branch=branch)
    message = Message(
        say("inquiries.unreachable_to_admin", name=member.person.name, branch=branch, reason=reason)
    )
    post.tell_admins(session, message, now=now)


def postpone(session: Session, row_id: int, until: datetime, reason: str) -> None:
    """Note a failed try: the row stays queued and is not tried again before `until`."""
    row = session.get(Outgoing, row_id)
    if row is not None:
        row.attempts += 1
        row.not_before, row.error = until, reason
        session.add(row)


def tell_failure(session: Session, seq: int, chat_id: int | None, *, now: datetime) -> None:
    """Tell a person and the administrators that an update could not be worked off and is kept."""
    if chat_id is not None and people.by_telegram_id(session, chat_id) is not None:
        post.tell_chat(session, chat_id, Message(say("refusal.unit_failed")), now=now)
    post.tell_admins(session, Message(say("refusal.unit_failed_to_admin", seq=seq, at=now)), now=now)
