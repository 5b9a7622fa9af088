"""Cards: messages that are edited in place. Drawn from the present state at the moment of sending."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.operations import searches
from bot.operations.drafts_shown import draw_draft
from bot.operations.post import About
from bot.rules.office import Office
from bot.wording import inquiries as wording
from bot.wording.message import Message
from storage import inquiries, outbox, people
from storage.dossiers import gather
from storage.kinds import CardKind, Lane, SubjectKind, Urgency
from storage.tables import Card, Inquiry


def draw(session: Session, card: Card, office: Office, now: datetime) -> Message:
    """Return what a card shows now."""
    return PAINTERS[card.kind](session, card, office, now)


def _tracking(session: Session, card: Card, office: Office, now: datetime) -> Message:
    return wording.tracking(gather(session, inquiries.get(session, card.subject_id)), office, now)


def _notice(session: Session, card: Card, office: Office, now: datetime) -> Message:
    dossier = gather(session, inquiries.get(session, card.subject_id))
    return wording.notice(dossier, dossier.rounds[card.round - 1], office, now)


def _draft(session: Session, card: Card, office: Office, now: datetime) -> Message:
    return draw_draft(session, card.subject_id, office, now)


def _search(session: Session, card: Card, _office: Office, _now: datetime) -> Message:
    return searches.draw(session, card.subject_id)


PAINTERS: Mapping[CardKind, Callable[[Session, Card, Office, datetime], Message]] = {
    CardKind.TRACKING: _tracking,
    CardKind.NOTICE: _notice,
    CardKind.DRAFT: _draft,
    CardKind.SEARCH: _search,
}
SUBJECTS = {CardKind.DRAFT: SubjectKind.DRAFT, CardKind.SEARCH: SubjectKind.SEARCH}
"""What a card is about, where it is no inquiry."""


def about(card: Card) -> About:
    """Return what a card's message is about."""
    kind = SUBJECTS.get(card.kind, SubjectKind.INQUIRY)
    return About(kind, card.subject_id, card.round)


def sound(session: Session, card: Card) -> str:
    """Return when a card's first message may sound: a notice does, hỏa tốc at any hour."""
    if card.kind is not CardKind.NOTICE:
        return "never"
    inquiry = inquiries.get(session, card.subject_id)
    return "always" if inquiry.urgency is Urgency.FLASH else "working_hours"


def refresh(session: Session, inquiry: Inquiry, *, now: datetime) -> None:
    """Ask for every card of an inquiry to show its present state."""
    assert inquiry.id is not None
    asker = people.member(session, inquiry.asked_by)
    if asker.chat_id is not None:
        outbox.want_card(session, CardKind.TRACKING, inquiry.id, asker.chat_id, lane=Lane.OWN, now=now)
    head = people.head_of(session, inquiry.branch_id)
    for card in outbox.cards_of(session, CardKind.NOTICE, inquiry.id):
        if head is not None and card.chat_id == head.chat_id and _is_coming(session, card):
            # What was not sent yet keeps its place behind what it waits for.
            lane = Lane.NOTICE if card.message_id is None else Lane.OWN
            outbox.want_card(
                session, card.kind, inquiry.id, card.chat_id, round=card.round, lane=lane, now=now
            )


def refresh_tracking(session: Session, asked: Sequence[Inquiry], *, now: datetime) -> None:
    """Ask for the asker's live card of each of these inquiries to show its present state."""
    chats = people.chats(session) if asked else {}
    for inquiry in asked:
        chat_id = chats.get(inquiry.asked_by)
        if chat_id is not None and inquiry.id is not None:
            outbox.want_card(session, CardKind.TRACKING, inquiry.id, chat_id, lane=Lane.OWN, now=now)


def want_notice(session: Session, inquiry: Inquiry, chat_id: int, *, now: datetime) -> None:
    """Ask for the addressee's message of the present round."""
    assert inquiry.id is not None
    lane = Lane.OWN if inquiry.urgency is Urgency.FLASH else Lane.NOTICE
    outbox.want_card(session, CardKind.NOTICE, inquiry.id, chat_id, round=inquiry.round, lane=lane, now=now)


def has_notice(session: Session, inquiry: Inquiry, chat_id: int) -> bool:
    """Return whether the present round's notice is, or will be, in this chat."""
    assert inquiry.id is not None
    card = outbox.find_card(session, CardKind.NOTICE, inquiry.id, chat_id, round=inquiry.round)
    return card is not None and _is_coming(session, card)


def _is_coming(session: Session, card: Card) -> bool:
    return card.message_id is not None or outbox.is_card_queued(session, card.id)


def recall_notice(session: Session, inquiry: Inquiry, *, but: int | None = None) -> None:
    """Drop the present round's notices that were not sent yet, but the one in this chat."""
    assert inquiry.id is not None
    for card in outbox.cards_of(session, CardKind.NOTICE, inquiry.id):
        if card.round == inquiry.round and card.message_id is None and card.chat_id != but:
            outbox.recall(session, card, SubjectKind.INQUIRY)
