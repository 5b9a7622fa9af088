"""What a sweep asks: what still stands, what was given, and what was begun and not sent."""

from datetime import time, timedelta

import pytest
from sqlmodel import Session

from storage import inquiries, reminders
from storage.kinds import AnswerState, DraftState, Role, State
from storage.tables import Account, Answer, DeadlineMove, Draft, Inquiry, QuietSpan, Reminder
from tests.storage import rows
from tests.storage.rows import A_MINUTE, NOW

UNANSWERED = frozenset({State.DELIVERED, State.RECEIVED})


@pytest.fixture
def asked(session: Session) -> list[Inquiry]:
    """Two inquiries of one asker: the first in its second round."""
    ploc = rows.branch(session)
    binh = rows.person(session, "Trần Văn Bình", Role.LEADER, telegram_id=7)
    case_id = rows.case(session, ploc).id or 0
    return [
        rows.inquiry(session, case_id, ploc, binh, number, state=State.DELIVERED, rounds=rounds)
        for number, rounds in ((12, 2), (13, 1))
    ]


def remind(
    session: Session,
    inquiry: Inquiry,
    rule: str = "overdue",
    period: str = "2026-12-08",
    *,
    ago: int = 0,
    round: int = 1,
    is_superseded: bool = False,
    is_sent: bool = True,
) -> Reminder:
    row = Reminder(
        person_id=inquiry.asked_by,
        rule=rule,
        subject=f"i{inquiry.id}.{round}",
        period=period,
        inquiry_id=inquiry.id,
        reminded_at=NOW - ago * A_MINUTE,
        is_superseded=is_superseded,
        sent_at=NOW - ago * A_MINUTE if is_sent and not is_superseded else None,
    )
    rows.add(session, row)
    return row


def test_what_stands_is_the_present_round_of_the_wanted_states(
    session: Session, asked: list[Inquiry]
) -> None:
    first, second = asked
    found = reminders.standing(session, UNANSWERED)
    assert [(one.inquiry_id, one.subject) for one in found] == [
        (first.id, f"i{first.id}.2"),
        (second.id, f"i{second.id}.1"),
    ]
    first.state = State.ANSWERED
    session.add(first)
    assert [one.inquiry for one in reminders.standing(session, UNANSWERED)] == [second]
    by_id = reminders.standing_of(session, {first.id or 0})
    assert [(one.inquiry, one.round.number) for one in by_id] == [(first, 2)]
    assert reminders.standing(session, ()) == reminders.standing_of(session, ()) == []


def test_a_verdict_is_waited_for_until_somebody_was_reminded_of_it(
    session: Session, asked: list[Inquiry]
) -> None:
    inquiry = asked[1]
    inquiry.state = State.ANSWERED
    round = inquiries.round_of(session, inquiry)
    round.answered_at = NOW - 10 * A_MINUTE
    session.add_all([inquiry, round])

    def awaited(minutes_ago: int = 0) -> list[int]:
        found = reminders.awaiting_verdict(session, "verdict", NOW - minutes_ago * A_MINUTE)
        return [one.inquiry_id for one in found]

    assert awaited() == awaited(10) == [inquiry.id]
    assert awaited(11) == []
    remind(session, inquiry, "verdict", "before it was answered", ago=11)
    remind(session, inquiry, "another rule")
    assert awaited() == [inquiry.id]
    remind(session, inquiry, "verdict", ago=10)
    assert awaited() == []
    round.reopened_at = NOW - 5 * A_MINUTE
    session.add(round)
    assert awaited() == [inquiry.id]


def test_what_was_given_is_known_by_its_whole_key(session: Session, asked: list[Inquiry]) -> None:
    first, second = asked
    remind(session, first, round=2)
    remind(session, first, is_superseded=True)
    remind(session, second)
    binh = first.asked_by
    assert reminders.given(session, [first.id or 0]) == {
        (binh, "overdue", f"i{first.id}.2", "2026-12-08"),
        (binh, "overdue", f"i{first.id}.1", "2026-12-08"),
    }
    assert reminders.given(session, []) == set()


def test_a_rule_first_reached_whomever_it_reached_first(session: Session, asked: list[Inquiry]) -> None:
    first, second = asked
    tam = rows.person(session, "Hồ Minh Tâm")
    remind(session, first, "warning", "a", ago=3)
    remind(session, first, "warning", "c", is_sent=False)
    later = remind(session, first, "warning", "b", ago=2)
    later.person_id = tam
    rows.add(session, later)
    remind(session, first, "warning", "b", ago=5)
    remind(session, first, "overdue", "a", ago=9)
    remind(session, second, "warning", "a", ago=7)
    subject = f"i{first.id}.1"
    assert reminders.first_sent(session, "warning", [first.id or 0]) == {
        (subject, "a"): NOW - 3 * A_MINUTE,
        (subject, "b"): NOW - 5 * A_MINUTE,
    }
    assert reminders.first_sent(session, "warning", []) == {}


def test_an_answer_left_unsent_is_found_until_somebody_was_reminded(
    session: Session, asked: list[Inquiry]
) -> None:
    inquiry = asked[0]
    assert inquiry.id is not None

    def answer(state: AnswerState, ago: int, round: int = 2) -> Answer:
        row = Answer(
            inquiry_id=inquiry.id or 0,
            round=round,
            person_id=inquiry.asked_by,
            state=state,
            created_at=NOW,
            changed_at=NOW - ago * A_MINUTE,
        )
        rows.add(session, row)
        return row

    old, _fresh, _sent = (
        answer(state, ago)
        for state, ago in ((AnswerState.PREPARING, 30), (AnswerState.PREPARING, 29), (AnswerState.SENT, 30))
    )

    answer(AnswerState.PREPARING, 30, round=1)  # that round is over

    def unsent() -> list[Answer]:
        return list(reminders.unsent_answers(session, "unsent_answer", UNANSWERED, NOW - 30 * A_MINUTE))

    assert unsent() == [old]
    inquiry.state = State.WITHDRAWN
    rows.add(session, inquiry)
    assert unsent() == []
    inquiry.state = State.RECEIVED
    rows.add(session, inquiry)
    remind(session, inquiry, "unsent_answer", "")  # subject i1.1, not a1
    assert unsent() == [old]
    reminder = Reminder(
        person_id=inquiry.asked_by, rule="unsent_answer", subject=f"a{old.id}", reminded_at=NOW
    )
    rows.add(session, reminder)
    assert unsent() == []


def test_a_draft_left_unsent_is_found_until_somebody_was_reminded(
    session: Session, asked: list[Inquiry]
) -> None:
    def draft(state: DraftState, ago: int) -> Draft:
        row = Draft(person_id=asked[0].asked_by, state=state, created_at=NOW, changed_at=NOW - ago * A_MINUTE)
        rows.add(session, row)
        return row

    old, _fresh, _sent = (
        draft(state, ago)
        for state, ago in ((DraftState.READY, 30), (DraftState.READY, 29), (DraftState.SENT, 30))
    )

    def unsent() -> list[Draft]:
        before = NOW - 30 * A_MINUTE
        return list(reminders.unsent_drafts(session, "unsent_draft", [DraftState.READY], before))

    assert unsent() == [old]
    reminder = Reminder(person_id=old.person_id, rule="unsent_draft", subject=f"d{old.id}", reminded_at=NOW)
    rows.add(session, reminder)
    assert unsent() == []


def test_only_what_was_sent_counts_as_a_reminder_heard(session: Session, asked: list[Inquiry]) -> None:
    inquiry = asked[0]
    later, earlier = remind(session, inquiry, period="b"), remind(session, inquiry, period="a", ago=1)
    remind(session, inquiry, period="c", is_superseded=True)
    remind(session, inquiry, period="d", round=2)
    remind(session, inquiry, period="e", is_sent=False)
    assert reminders.heard(session, f"i{inquiry.id}.1") == [earlier, later]
    ids = [later.id or 0, earlier.id or 0]
    assert [one.id for one in reminders.by_ids(session, ids)] == sorted(ids)


def test_what_was_given_and_not_sent_is_forgotten(session: Session, asked: list[Inquiry]) -> None:
    sent, waiting, refused = (
        remind(session, asked[0], period=period, is_sent=period == "a") for period in "abc"
    )
    refused.refused_at = NOW
    rows.add(session, refused)
    key = (asked[0].asked_by, "overdue", f"i{asked[0].id}.1")

    def known() -> list[str]:
        return [period for period in "abc" if reminders.is_given(session, (*key, period))]

    assert known() == ["a", "b", "c"]
    reminders.forget(session, [one.id or 0 for one in (sent, waiting, refused)])
    assert known() == ["a", "c"]
    reminders.forget_refused(session, NOW)
    assert known() == ["a", "c"]
    reminders.forget_refused(session, NOW + A_MINUTE)
    assert known() == ["a"]
    reminders.give(session, asked[0].asked_by, "overdue", f"i{asked[0].id}.1", "b", now=NOW)
    assert known() == ["a", "b"]


def test_the_newest_move_of_a_rounds_deadline(session: Session, asked: list[Inquiry]) -> None:
    inquiry_id = asked[0].id or 0
    assert reminders.newest_move(session, inquiry_id, 1) is None
    for number, hours in ((1, 1), (1, 2), (2, 3)):
        due = NOW + timedelta(hours=hours)
        move = DeadlineMove(
            inquiry_id=inquiry_id,
            round=number,
            old_due_at=NOW,
            new_due_at=due,
            away_from=NOW,
            away_until=due,
        )
        rows.add(session, move)
    newest = reminders.newest_move(session, inquiry_id, 1)
    assert newest is not None
    assert newest.new_due_at == NOW + timedelta(hours=2)


def test_quiet_hours_are_those_of_whoever_holds_the_chat(session: Session) -> None:
    tam = rows.person(session, "Hồ Minh Tâm", telegram_id=7)
    for begins, ends in ((time(16, 30), time(17)), (time(7), time(8))):
        session.add(QuietSpan(person_id=tam, begins=begins, ends=ends))
    session.flush()
    both = [(time(7), time(8)), (time(16, 30), time(17))]
    assert reminders.quiet_spans(session, tam) == reminders.quiet_spans_of_chat(session, 7) == both
    assert reminders.quiet_spans_of_chat(session, 8) == []
    account = session.get(Account, 1)
    assert account is not None
    account.unbound_at = NOW
    session.add(account)
    session.flush()
    assert reminders.quiet_spans_of_chat(session, 7) == []
