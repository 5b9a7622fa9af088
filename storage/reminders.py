"""Reminders that were given, what still stands to be reminded of, and when people want no sound."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, String, bindparam, cast, func, literal
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, delete, select

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


# --- what a sweep asks every few seconds: the statements are made once ------------------------

_PRESENT_ROUNDS = (
    select(Inquiry, Round)
    .join(Round, (col(Round.inquiry_id) == Inquiry.id) & (col(Round.number) == Inquiry.round))
    .order_by(col(Inquiry.id))
)
_IN_STATES = _PRESENT_ROUNDS.where(col(Inquiry.state).in_(bindparam("states", expanding=True)))
_BY_INQUIRY = _PRESENT_ROUNDS.where(col(Inquiry.id).in_(bindparam("ids", expanding=True)))

_answered_at = func.coalesce(col(Round.reopened_at), col(Round.answered_at))
_VERDICT_REMINDED = select(Reminder.id).where(
    Reminder.inquiry_id == Inquiry.id,
    Reminder.rule == bindparam("rule"),
    col(Reminder.reminded_at) >= _answered_at,
)
_AWAITING_VERDICT = _PRESENT_ROUNDS.where(
    Inquiry.state == State.ANSWERED, _answered_at <= bindparam("before"), ~_VERDICT_REMINDED.exists()
)

# Columns, not rows, which would cost more.
_GIVEN = columns_of(
    col(Reminder.person_id), col(Reminder.rule), col(Reminder.subject), col(Reminder.period)
).where(col(Reminder.inquiry_id).in_(bindparam("ids", expanding=True)))
_FIRST_SENT = (
    columns_of(col(Reminder.subject), col(Reminder.period), func.min(Reminder.sent_at))
    .where(
        col(Reminder.rule) == bindparam("rule"),
        col(Reminder.inquiry_id).in_(bindparam("ids", expanding=True)),
        col(Reminder.sent_at).is_not(None),
    )
    .group_by(col(Reminder.subject), col(Reminder.period))
)


def _reminded_of(letter: str, subject_id: object) -> ColumnElement[bool]:
    """Say whether somebody was reminded of a thing that was not sent: `a5`, `d7`."""
    subject = literal(letter) + cast(subject_id, String)
    return select(Reminder.id).where(Reminder.rule == bindparam("rule"), Reminder.subject == subject).exists()


_UNSENT_ANSWERS = (
    select(Answer)
    .join(Inquiry, (col(Inquiry.id) == Answer.inquiry_id) & (col(Inquiry.round) == Answer.round))
    .where(Answer.state == AnswerState.PREPARING, col(Answer.changed_at) <= bindparam("before"))
    .where(col(Inquiry.state).in_(bindparam("states", expanding=True)))
    .where(~_reminded_of("a", Answer.id))
    .order_by(col(Answer.id))
)
_UNSENT_DRAFTS = (
    select(Draft)
    .where(col(Draft.state).in_(bindparam("states", expanding=True)))
    .where(col(Draft.changed_at) <= bindparam("before"), ~_reminded_of("d", Draft.id))
    .order_by(col(Draft.id))
)


def standing(session: Session, states: Collection[State]) -> list[Standing]:
    """Return the present rounds of the inquiries in these states, oldest first."""
    found = session.exec(_IN_STATES, params={"states": list(states)})
    return [Standing(inquiry, round) for inquiry, round in found]


def standing_of(session: Session, inquiry_ids: Collection[int]) -> list[Standing]:
    """Return the present rounds of these inquiries, whatever their state, oldest first."""
    found = session.exec(_BY_INQUIRY, params={"ids": list(inquiry_ids)})
    return [Standing(inquiry, round) for inquiry, round in found]


def awaiting_verdict(session: Session, rule: str, before: datetime) -> list[Standing]:
    """Return the rounds answered before a moment of whose verdict nobody was reminded since, oldest first."""
    found = session.exec(_AWAITING_VERDICT, params={"rule": rule, "before": before})
    return [Standing(inquiry, round) for inquiry, round in found]


def given(session: Session, inquiry_ids: Collection[int]) -> Collection[Key]:
    """Return the unique keys of all reminders that were given on these inquiries."""
    rows = session.connection().execute(_GIVEN, {"ids": list(inquiry_ids)})
    return {(person_id, rule, subject, period) for person_id, rule, subject, period in rows}


def first_sent(
    session: Session, rule: str, inquiry_ids: Collection[int]
) -> Mapping[tuple[str, str], datetime]:
    """Return when a rule first reached anybody on these inquiries, by subject and period."""
    rows = session.connection().execute(_FIRST_SENT, {"rule": rule, "ids": list(inquiry_ids)})
    return {(subject, period): at for subject, period, at in rows if at is not None}


def unsent_answers(
    session: Session, rule: str, states: Collection[State], before: datetime
) -> Sequence[Answer]:
    """Return the answers in preparation, untouched since `before`, of which nobody was reminded.

    Only those to the present round of an inquiry in one of these states can still be sent.
    """
    params = {"rule": rule, "states": list(states), "before": before}
    return session.exec(_UNSENT_ANSWERS, params=params).all()


def unsent_drafts(
    session: Session, rule: str, states: Collection[DraftState], before: datetime
) -> Sequence[Draft]:
    """Return the drafts in these states, untouched since `before`, of which nobody was reminded."""
    params = {"rule": rule, "states": list(states), "before": before}
    return session.exec(_UNSENT_DRAFTS, params=params).all()


# --- reminders --------------------------------------------------------------------------------


def by_ids(session: Session, ids: Collection[int]) -> Sequence[Reminder]:
    return session.exec(select(Reminder).where(col(Reminder.id).in_(ids)).order_by(col(Reminder.id))).all()


_HEARD = (
    select(Reminder)
    .where(Reminder.subject == bindparam("subject"), col(Reminder.sent_at).is_not(None))
    .order_by(col(Reminder.sent_at), col(Reminder.id))
)
_MOVES = (
    select(DeadlineMove)
    .where(DeadlineMove.inquiry_id == bindparam("inquiry_id"), DeadlineMove.round == bindparam("round"))
    .order_by(col(DeadlineMove.id).desc())
)


def heard(session: Session, subject: str) -> Sequence[Reminder]:
    """Return the reminders on a subject that reached somebody, oldest first."""
    return session.exec(_HEARD, params={"subject": subject}).all()


def is_given(session: Session, key: Key) -> bool:
    """Return whether the reminder with this unique key was given."""
    person_id, rule, subject, period = key
    found = select(Reminder.id).where(
        Reminder.person_id == person_id,
        Reminder.rule == rule,
        Reminder.subject == subject,
        Reminder.period == period,
    )
    return session.exec(found).first() is not None


def give(session: Session, person_id: int, rule: str, subject: str, period: str, *, now: datetime) -> None:
    """Note that a person is reminded, by a message of its own."""
    session.add(Reminder(person_id=person_id, rule=rule, subject=subject, period=period, reminded_at=now))
    session.flush()


def forget(session: Session, ids: Collection[int]) -> None:
    """Forget reminders whose message was dropped: as far as they are wanted, they are given anew.

    Those that Telegram refused are kept, or they would be given and refused again at once.
    """
    nobody_heard = col(Reminder.sent_at).is_(None), col(Reminder.refused_at).is_(None)
    session.exec(delete(Reminder).where(col(Reminder.id).in_(ids), *nobody_heard))


def forget_refused(session: Session, before: datetime) -> None:
    """Forget what Telegram would not take before a moment, so that it is tried anew."""
    session.exec(delete(Reminder).where(col(Reminder.refused_at) < before))


def newest_move(session: Session, inquiry_id: int, round: int) -> DeadlineMove | None:
    """Return how the round's deadline was moved last, if an outage moved it."""
    return session.exec(_MOVES, params={"inquiry_id": inquiry_id, "round": round}).first()


# --- quiet hours ------------------------------------------------------------------------------


def quiet_spans(session: Session, person_id: int) -> list[tuple[time, time]]:
    """Return when a person wants no sound, earliest first."""
    found = select(QuietSpan).where(QuietSpan.person_id == person_id)
    return [(span.begins, span.ends) for span in session.exec(found.order_by(col(QuietSpan.begins)))]


def quiet_spans_of_chat(session: Session, chat_id: int) -> list[tuple[time, time]]:
    """Return when the person behind a chat wants no sound."""
    live = select(Account.person_id).where(Account.telegram_id == chat_id, col(Account.unbound_at).is_(None))
    person_id = session.exec(live).first()
    return quiet_spans(session, person_id) if person_id is not None else []
