"""Reminders that were given, what still stands to be reminded of, and when people want no sound."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import String, cast, func, literal
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from storage.kinds import AnswerState, DraftState, State
from storage.tables import Account, Answer, DeadlineMove, Draft, Inquiry, QuietSpan, Reminder, Round

Key = tuple[int, str, str, str]
"""Whom, rule, subject, period: what makes a reminder unique."""


@dataclass(frozen=True)
class Standing:
    """The present round of an inquiry, as far as reminders need it."""

    inquiry: Inquiry
    round: Round

    @property
    def inquiry_id(self) -> int:
        assert self.inquiry.id is not None
        return self.inquiry.id

    @property
    def subject(self) -> str:
        return f"i{self.inquiry_id}.{self.round.number}"


def standing(session: Session, states: Collection[State]) -> list[Standing]:
    """Return the present rounds of the inquiries in these states, oldest first."""
    found = _present_rounds().where(col(Inquiry.state).in_(states))
    return [Standing(inquiry, round) for inquiry, round in session.exec(found)]


def awaiting_verdict(session: Session, rule: str, before: datetime) -> list[Standing]:
    """Return the rounds answered before a moment of whose verdict nobody was reminded since, oldest first."""
    since = func.coalesce(col(Round.reopened_at), col(Round.answered_at))
    reminded = select(Reminder.id).where(
        Reminder.inquiry_id == Inquiry.id, Reminder.rule == rule, col(Reminder.reminded_at) >= since
    )
    found = _present_rounds().where(Inquiry.state == State.ANSWERED, since <= before, ~reminded.exists())
    return [Standing(inquiry, round) for inquiry, round in session.exec(found)]


def standing_of(session: Session, inquiry_id: int) -> Standing | None:
    """Return the present round of one inquiry, whatever its state."""
    found = session.exec(_present_rounds().where(Inquiry.id == inquiry_id)).first()
    return Standing(*found) if found else None


def _present_rounds() -> Select[Inquiry, Round]:
    return (
        select(Inquiry, Round)
        .join(Round, (col(Round.inquiry_id) == Inquiry.id) & (col(Round.number) == Inquiry.round))
        .order_by(col(Inquiry.id))
    )


def given(session: Session, inquiry_ids: Collection[int]) -> Mapping[Key, datetime]:
    """Return when each reminder on these inquiries was given, by its unique key."""
    # Columns, not rows: this is asked every few seconds.
    found = columns_of(
        col(Reminder.person_id),
        col(Reminder.rule),
        col(Reminder.subject),
        col(Reminder.period),
        col(Reminder.reminded_at),
    ).where(col(Reminder.inquiry_id).in_(inquiry_ids))
    rows = session.connection().execute(found)
    return {(person_id, rule, subject, period): at for person_id, rule, subject, period, at in rows}


def unsent_answers(session: Session, rule: str, before: datetime) -> Sequence[Answer]:
    """Return the answers in preparation, untouched since `before`, of which nobody was reminded."""
    subject = literal("a") + cast(Answer.id, String)
    reminded = select(Reminder.id).where(Reminder.rule == rule, Reminder.subject == subject)
    found = select(Answer).where(
        Answer.state == AnswerState.PREPARING, col(Answer.changed_at) <= before, ~reminded.exists()
    )
    return session.exec(found.order_by(col(Answer.id))).all()


def unsent_drafts(
    session: Session, rule: str, states: Collection[DraftState], before: datetime
) -> Sequence[Draft]:
    """Return the drafts in these states, untouched since `before`, of which nobody was reminded."""
    subject = literal("d") + cast(Draft.id, String)
    reminded = select(Reminder.id).where(Reminder.rule == rule, Reminder.subject == subject)
    found = select(Draft).where(
        col(Draft.state).in_(states), col(Draft.changed_at) <= before, ~reminded.exists()
    )
    return session.exec(found.order_by(col(Draft.id))).all()


def by_ids(session: Session, ids: Collection[int]) -> Sequence[Reminder]:
    return session.exec(select(Reminder).where(col(Reminder.id).in_(ids)).order_by(col(Reminder.id))).all()


def spoken(session: Session, subject: str) -> Sequence[Reminder]:
    """Return the reminders on a subject that people were given, oldest first."""
    found = select(Reminder).where(Reminder.subject == subject, col(Reminder.is_superseded).is_(False))
    return session.exec(found.order_by(col(Reminder.reminded_at), col(Reminder.id))).all()


def newest_move(session: Session, inquiry_id: int, round: int) -> DeadlineMove | None:
    """Return how the round's deadline was moved last, if an outage moved it."""
    found = select(DeadlineMove).where(DeadlineMove.inquiry_id == inquiry_id, DeadlineMove.round == round)
    return session.exec(found.order_by(col(DeadlineMove.id).desc())).first()


# --- quiet hours ---


def quiet_spans(session: Session, person_id: int) -> list[tuple[time, time]]:
    """Return when a person wants no sound, earliest first."""
    found = select(QuietSpan).where(QuietSpan.person_id == person_id)
    return [(span.begins, span.ends) for span in session.exec(found.order_by(col(QuietSpan.begins)))]


def quiet_spans_of_chat(session: Session, chat_id: int) -> list[tuple[time, time]]:
    """Return when the person behind a chat wants no sound."""
    live = select(Account.person_id).where(Account.telegram_id == chat_id, col(Account.unbound_at).is_(None))
    person_id = session.exec(live).first()
    return quiet_spans(session, person_id) if person_id is not None else []
