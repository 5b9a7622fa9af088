"""Reminding: a sweep writes each reminder once, with its message; what that says is settled when it leaves.

Several that are due for one person become one message. Of one inquiry the highest rung speaks, the others
are recorded as superseded. A message whose reasons are all gone is dropped. Only what Telegram took counts as
a reminder towards others: the times on the live card, the head's warning, the report to the chief.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby

from sqlmodel import Session

from bot.operations import answers, cards, inquiries, post
from bot.operations.post import About
from bot.rules import reminders as rules
from bot.rules.dates import HANOI
from bot.rules.deadlines import is_overdue
from bot.rules.office import Office
from bot.rules.reminders import Rule, View, Whom
from bot.wording import reminders as wording
from bot.wording.message import Message
from bot.wording.reminders import Item
from storage import facts, outbox, people
from storage import inquiries as stored_inquiries
from storage import reminders as stored
from storage.dossiers import gather, sent_answer
from storage.kinds import Act, AnswerState, Lane, OutboxKind, SubjectKind
from storage.reminders import Standing
from storage.tables import Answer, Case, Draft, Outgoing, Reminder

TO_CHIEF = frozenset({Rule.ESCALATION, Rule.OWN_OVERDUE})
"""What the chief is told begins with all the own inquiries that are overdue."""
COUNTED = "overdue.counted_on"
"""The fact that names the day on which the live cards last counted the days overdue."""


def sweep(session: Session, *, now: datetime, office: Office) -> None:
    """Give every reminder that has fallen due and was not given; let the live cards count the days."""
    stored.forget_refused(session, datetime.combine(now.astimezone(HANOI).date(), time.min, HANOI))
    standings = stored.standing(session, rules.UNANSWERED)
    standings += stored.awaiting_verdict(session, Rule.VERDICT, now - rules.VERDICT_WAITS)
    roll = _call_roll(session, standings)
    fresh = [found for one in standings for found in _of_round(one, roll, now, office)]
    fresh += _of_writing(session, roll, now)
    session.add_all([one.reminder for one in fresh])
    session.flush()
    spoken = [one for one in fresh if not one.reminder.is_superseded]
    _refresh_overdue(session, standings, [one.reminder for one in fresh], now, office)
    by_person = sorted(spoken, key=_addressed)
    for (person_id, always), group in groupby(by_person, key=_addressed):
        _queue(session, person_id, [one.reminder for one in group], always=always, now=now)


@dataclass(frozen=True)
class _Fresh:
    """A reminder to give. `always`: it makes a sound outside working hours too."""

    reminder: Reminder
    always: bool = False


def _addressed(one: _Fresh) -> tuple[int, bool]:
    return one.reminder.person_id, one.always


@dataclass(frozen=True)
class _Roll:
    """Who is there today, and what was given to whom."""

    heads: Mapping[int, int]
    chief: int | None
    reachable: Collection[int]
    given: Collection[stored.Key]
    warned: Mapping[tuple[str, str], datetime]

    def whom(self, standing: Standing) -> Mapping[Whom, int]:
        """Return whom the rungs of this round speak to, as far as they can be reached."""
        asker, head = standing.inquiry.asked_by, self.heads.get(standing.inquiry.branch_id)
        found = ((Whom.ASKER, asker), (Whom.HEAD, head), (Whom.CHIEF, self.chief))
        return {whom: one for whom, one in found if one is not None and one in self.reachable}


def _call_roll(session: Session, standings: Sequence[Standing]) -> _Roll:
    ids = [one.inquiry_id for one in standings]
    return _Roll(
        heads=people.head_ids(session),
        chief=people.chief_id(session),
        reachable=people.reachable_ids(session),
        given=stored.given(session, ids),
        warned=stored.first_sent(session, Rule.WARNING, ids),
    )


def _view(standing: Standing, roll: _Roll, whom: Mapping[Whom, int]) -> View:
    inquiry, round = standing.inquiry, standing.round
    period = rules.period_of(round.due_at) if round.due_at else ""
    warned_at = roll.warned.get((standing.subject, period))
    return View(
        state=inquiry.state,
        urgency=inquiry.urgency,
        delivered_at=round.delivered_at,
        due_at=round.due_at,
        answered_at=round.reopened_at or round.answered_at,
        may_escalate=roll.chief not in (None, inquiry.asked_by),
        is_chiefs=roll.chief == inquiry.asked_by,
        may_warn=Whom.HEAD in whom,
        warned_on=warned_at.astimezone(HANOI).date() if warned_at else None,
    )


def _of_round(standing: Standing, roll: _Roll, now: datetime, office: Office) -> Iterator[_Fresh]:
    """Yield what has fallen due in a round and was not given to its person."""
    whom, subject = roll.whom(standing), standing.subject
    view = _view(standing, roll, whom)
    for due in rules.fallen_due(view, now, office.calendar):
        person_id = whom.get(due.rung.whom)
        if person_id is None or (person_id, due.rung.rule, subject, due.period) in roll.given:
            continue
        if due.is_superseded or rules.may_speak(due.rung, view, now, office.calendar):
            reminder = Reminder(
                person_id=person_id,
                rule=due.rung.rule,
                subject=subject,
                period=due.period,
                inquiry_id=standing.inquiry_id,
                reminded_at=now,
                is_superseded=due.is_superseded,
            )
            yield _Fresh(reminder, rules.sounds_always(due.rung, view))


def _of_writing(session: Session, roll: _Roll, now: datetime) -> Iterator[_Fresh]:
    """Yield what was begun and left unsent."""
    before = now - rules.UNSENT_WAITS
    for answer in stored.unsent_answers(session, Rule.UNSENT_ANSWER, rules.UNANSWERED, before):
        if answer.person_id in roll.reachable:
            yield _of_writer(answer.person_id, Rule.UNSENT_ANSWER, f"a{answer.id}", now)
    for draft in stored.unsent_drafts(session, Rule.UNSENT_DRAFT, rules.DRAFTED, before):
        if draft.person_id in roll.reachable:
            yield _of_writer(draft.person_id, Rule.UNSENT_DRAFT, f"d{draft.id}", now)


def _of_writer(person_id: int, rule: Rule, subject: str, now: datetime) -> _Fresh:
    return _Fresh(Reminder(person_id=person_id, rule=rule, subject=subject, reminded_at=now))


def _awaited(session: Session, answer: Answer) -> bool:
    """Return whether an answer in preparation may still be sent."""
    inquiry = stored_inquiries.get(session, answer.inquiry_id)
    return inquiry.round == answer.round and inquiry.state in rules.UNANSWERED


def _refresh_overdue(
    session: Session, standings: Sequence[Standing], fresh: Sequence[Reminder], now: datetime, office: Office
) -> None:
    """The live cards of overdue inquiries change at the deadline and every working morning.

    Whoever is reminded or not: where the head cannot be reached, the days are counted all the same.
    """
    overdue = {one.inquiry_id: one.inquiry for one in standings if is_overdue(one.round.due_at, now)}
    told = {one.inquiry_id for one in fresh if one.rule == Rule.OVERDUE_TOLD}
    today = now.astimezone(HANOI).date()
    is_open = office.calendar.is_workday(today) and office.calendar.first_opening(today) <= now
    if is_open and facts.recall(session, COUNTED) != today.isoformat():
        facts.remember(session, COUNTED, today.isoformat())
        told |= overdue.keys()
    cards.refresh_tracking(session, [one for key, one in overdue.items() if key in told], now=now)


def _queue(
    session: Session, person_id: int, reminders: Sequence[Reminder], *, always: bool, now: datetime
) -> None:
    """Queue one message of these; it is drawn when it leaves."""
    member = people.member(session, person_id)
    assert member.chat_id is not None
    payload: dict[str, object] = {
        "reminders": [one.id for one in reminders],
        "sound": "always" if always else "working_hours",
    }
    if len(reminders) == 1:
        payload |= _thread(session, reminders[0], member)
    lane = Lane.OWN if always else Lane.ROUTINE
    outbox.queue(session, member.chat_id, OutboxKind.MESSAGE, payload, lane=lane, now=now)


def _thread(session: Session, reminder: Reminder, member: people.Member) -> dict[str, object]:
    """Return what a message about one thing belongs to: its subject, and the card that it replies to."""
    about = _about(session, reminder)
    found: dict[str, object] = {"about": [about.kind, about.subject_id, about.round]}
    if reminder.inquiry_id is not None:
        card = post.tracking_card(session, reminder.inquiry_id, member)
        found |= {"under_card": card.id} if card else {}
    return found


def _about(session: Session, reminder: Reminder) -> About:
    if reminder.inquiry_id is not None:
        inquiry = stored_inquiries.get(session, reminder.inquiry_id)
        judged = sent_answer(session, inquiry, inquiry.round) if reminder.rule == Rule.VERDICT else None
        return answers.about(judged.answer) if judged else inquiries.about(inquiry)
    if reminder.rule == Rule.UNSENT_ANSWER:
        answer = session.get(Answer, int(reminder.subject[1:]))
        assert answer is not None
        return answers.about(answer)
    return About(SubjectKind.DRAFT, int(reminder.subject[1:]))


# --- when the message leaves ------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What a message says when it leaves, and of which reminders it speaks."""

    message: Message
    ids: tuple[int, ...]


def draw(session: Session, ids: Collection[int], *, now: datetime, office: Office) -> Said | None:
    """Return what a message of these reminders says now; None when none of its reasons still stands."""
    reminders = stored.by_ids(session, ids)
    rounds = _wanted_items(session, reminders, now, office)
    found = {
        one.id: rounds.get(one.id) if one.inquiry_id else _written_item(session, one) for one in reminders
    }
    said = {key: item for key, item in found.items() if item is not None and key is not None}
    items = list(said.values())
    if any(item.rule in TO_CHIEF for item in items):
        items += _own_overdue(session, reminders[0].person_id, items, now)
    return Said(wording.compose(items, office, now), tuple(said)) if items else None


def _own_overdue(session: Session, chief_id: int, said: Sequence[Item], now: datetime) -> Iterator[Item]:
    """Yield the chief's own overdue inquiries of which a message does not speak yet."""
    named = {item.about.id for item in said if item.dossier}
    for inquiry in stored_inquiries.in_states(session, rules.UNANSWERED, asked_by=chief_id):
        dossier = gather(session, inquiry)
        if dossier.id not in named and is_overdue(dossier.round.due_at, now):
            yield Item(Rule.OWN_OVERDUE, dossier)


def _wanted_items(
    session: Session, reminders: Sequence[Reminder], now: datetime, office: Office
) -> Mapping[int | None, Item]:
    """Return what those of rounds say that are still wanted, and of this person, by the reminder's id."""
    standings = stored.standing_of(session, {one.inquiry_id for one in reminders if one.inquiry_id})
    roll = _call_roll(session, standings)
    wanted = {key: one for one in standings for key in _wanted_keys(one, roll, now, office)}
    keys = {one.id: (one.person_id, one.rule, one.subject, one.period) for one in reminders}
    return {
        one.id: Item(Rule(one.rule), gather(session, wanted[keys[one.id]].inquiry))
        for one in reminders
        if keys[one.id] in wanted
    }


def _wanted_keys(standing: Standing, roll: _Roll, now: datetime, office: Office) -> Iterator[stored.Key]:
    """Yield the keys of the reminders on a round that are to be spoken now."""
    whom = roll.whom(standing)
    for due in rules.fallen_due(_view(standing, roll, whom), now, office.calendar):
        if not due.is_superseded and due.rung.whom in whom:
            yield whom[due.rung.whom], due.rung.rule, standing.subject, due.period


def _written_item(session: Session, reminder: Reminder) -> Item | None:
    """Return what was not sent, if it still waits."""
    subject_id = int(reminder.subject[1:])
    if reminder.rule == Rule.UNSENT_ANSWER:
        answer = session.get(Answer, subject_id)
        return _answer_item(session, answer) if answer else None
    draft = session.get(Draft, subject_id)
    if draft is None or draft.state not in rules.DRAFTED:
        return None
    case = session.get(Case, draft.case_id) if draft.case_id else None
    return Item(Rule.UNSENT_DRAFT, draft=draft, case=case)


def _answer_item(session: Session, answer: Answer) -> Item | None:
    if answer.state is not AnswerState.PREPARING or not _awaited(session, answer):
        return None
    dossier = gather(session, stored_inquiries.get(session, answer.inquiry_id))
    return Item(Rule.UNSENT_ANSWER, dossier, answer)


# --- what became of it ------------------------------------------------------------------------


def note_sent(session: Session, row: Outgoing, said: Collection[int], *, now: datetime) -> None:
    """Note which of an outbox row's reminders its message spoke of; of the others the reasons were gone."""
    touched = set()
    for reminder in _of_row(session, row):
        if reminder.id not in said:
            reminder.is_superseded = True
        else:
            reminder.sent_at = now
            touched.add(reminder.inquiry_id)
            _record(session, reminder, now=now)
        session.add(reminder)
    session.flush()
    found = [stored_inquiries.get(session, one) for one in sorted(one for one in touched if one is not None)]
    cards.refresh_tracking(session, found, now=now)


def _record(session: Session, reminder: Reminder, *, now: datetime) -> None:
    if reminder.rule == Rule.ESCALATION and reminder.inquiry_id is not None:
        inquiry = stored_inquiries.get(session, reminder.inquiry_id)
        inquiries.record(session, Act.ESCALATE, inquiry, by=None, now=now, to=reminder.person_id)


def drop(session: Session, row: Outgoing) -> None:
    """Note that nobody heard of the reminders of an outbox row: their reasons were gone."""
    for reminder in _of_row(session, row):
        reminder.is_superseded = True
        session.add(reminder)
    session.flush()


def note_refused(session: Session, row: Outgoing, *, now: datetime) -> None:
    """Note that Telegram would not take an outbox row: its reminders are given anew the next day.

    At once they would be refused again, and the administrators told of it with every sweep.
    """
    for reminder in _of_row(session, row):
        reminder.refused_at = now
        session.add(reminder)
    session.flush()


def _of_row(session: Session, row: Outgoing) -> Sequence[Reminder]:
    return stored.by_ids(session, row.payload.get("reminders", []))
