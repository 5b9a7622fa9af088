"""A quarter in nine branches: 200 inquiries, forgetful people, two outages, a sweep every quarter of an hour.

What must have been said is reckoned here from the bare rows, not by the rules under test.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from statistics import median

import pytest
from sqlmodel import Session, select

from bot.operations import answers, cards, drafts, outages, reminders, verdicts
from bot.operations.delivery import Shown
from bot.operations.refusals import Refusal
from bot.rules.dates import HANOI
from bot.rules.lifecycle import OPEN
from bot.rules.reminders import Rule
from bot.wording.lengths import strip_tags
from bot.wording.message import Message
from storage import branches, history, people
from storage import inquiries as stored
from storage.kinds import Role, State, Urgency
from storage.people import Member
from storage.tables import Card, Inquiry, Outgoing, Reminder
from tests.operations.conftest import BRANCHES, House, moment
from tests.operations.phones import Drawn

STEP = timedelta(minutes=15)
NIGHT_STEP = timedelta(hours=2)
FIRST, LAST = moment("07:00 05/10/2026"), moment("19:00 31/12/2026")
ASKED_UNTIL = moment("16:00 11/12/2026")
OUTAGES = [
    (moment("14:00 22/10/2026"), moment("09:00 23/10/2026")),
    (moment("15:00 20/11/2026"), moment("10:00 25/11/2026")),  # 24/11 is a day off
]
MORE_BRANCHES = [(code, code.title(), f"Chi cục THADS {code}") for code in ("B5", "B6", "B7", "B8", "B9")]
URGENCIES = [Urgency.NORMAL] * 14 + [Urgency.URGENT] * 4 + [Urgency.VERY_URGENT] + [Urgency.FLASH]
INQUIRIES = 200


@dataclass(frozen=True)
class Heard:
    """One message of reminders that reached a phone."""

    chat_id: int
    at: datetime
    ids: tuple[int, ...]
    text: str


class Quarter(House):
    """The house over three months: people act at times drawn by lot, the bot sweeps."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.heard_all: list[Heard] = []
        branches.synchronise(self.session, [*BRANCHES, *MORE_BRANCHES])
        self.now, self.lot = FIRST, random.Random(431)
        self._acts: list[tuple[datetime, int, Callable[[], object]]] = []
        self._order = count()
        self.heads = [self.tam, self.son] + [
            self.member(f"Trưởng {one.code}", Role.HEAD, branch=one.code)
            for one in branches.all_branches(self.session)
            if one.code not in ("PLOC", "ALUOI")
        ]
        self.leaders = [self.dat, self.binh, self.member("Lê Thị Hoa", Role.LEADER)]
        self.numbers = count(1)

    def draw(self, row: Outgoing) -> Drawn | None:
        """Cards are taken unseen."""
        card = self.session.get(Card, row.card_id) if row.card_id else None
        return super().draw(row) if card is None else (Message(""), Shown(card.wanted, "", []))

    def arrive(self, row: Outgoing, drawn: Drawn | None) -> None:
        if drawn is not None and (ids := row.payload.get("reminders")):
            self.heard_all.append(Heard(row.chat_id, self.now, tuple(ids), strip_tags(drawn[0].html)))
        super().arrive(row, drawn)

    # --- people ---

    def later(self, at: datetime, act: Callable[[], object]) -> None:
        heappush(self._acts, (at, next(self._order), act))

    def working(self, hours: float) -> datetime:
        """Return when so many working hours have passed."""
        calendar = self.office.calendar
        return calendar.add_working_time(self.now, timedelta(hours=hours))

    def plan(self) -> None:
        """Draw by lot when each inquiry is asked."""
        calendar, span = self.office.calendar, ASKED_UNTIL - FIRST
        for _ in range(INQUIRIES):
            at = FIRST + span * self.lot.random()
            self.later(calendar.next_working_moment(at), self.ask)

    def ask(self) -> None:
        """A leader asks; what the head and the leader will do is drawn now."""
        head, leader = self.lot.choice(self.heads), self.lot.choice(self.leaders)
        assert head.branch is not None
        case = self.case(f"{next(self.numbers)}/QĐ-CCTHADS", head.branch.code)
        draft = self.draft(case, by=leader)
        assert draft.id is not None
        draft.urgency = self.lot.choice(URGENCIES)
        self.session.add(draft)
        if self.lot.random() < 0.1:  # forgotten for an hour
            self.later(self.working(1), lambda: self.send(draft.id, leader, head))
        else:
            self.send(draft.id, leader, head)

    def send(self, draft_id: int | None, leader: Member, head: Member) -> None:
        inquiry = drafts.send(self.session, draft_id or 0, by=leader, now=self.now, office=self.office)
        if self.lot.random() < 0.7:
            self.later(
                self.working(self.lot.expovariate(1 / 3)),
                lambda: self.receive(inquiry, round=inquiry.round, by=head),
            )
        if self.lot.random() < 0.95:  # the others never answer
            days = self.lot.choice([1, 2, 3, 4, 4, 4.5, 5, 6, 7, 9, 12])
            self.later(self.working(days * 7.5), lambda: self.write_answer(inquiry, head))
        if self.lot.random() < 0.03:
            self.later(self.working(10), lambda: self.withdraw(inquiry, by=leader))

    def write_answer(self, inquiry: Inquiry, head: Member) -> None:
        answer = self.write(inquiry, by=head)
        forgets = self.lot.random() < 0.2
        self.later(self.working(2 if forgets else 0.1), lambda: self.send_answer(answer.id, inquiry, head))

    def send_answer(self, answer_id: int | None, inquiry: Inquiry, head: Member) -> None:
        answers.send(self.session, answer_id or 0, preview=1, by=head, now=self.now, office=self.office)
        if self.lot.random() < 0.7:
            days = self.lot.choice([0.2, 1, 2, 6, 8])
            asker = people.member(self.session, inquiry.asked_by)
            round = inquiry.round
            self.later(
                self.working(days * 7.5),
                lambda: verdicts.accept(self.session, inquiry, round=round, by=asker, now=self.now),
            )

    # --- the bot ---

    def steps(self) -> Iterator[datetime]:
        """Yield the moments at which the bot sweeps; after an outage it comes back first."""
        at = FIRST
        while at <= LAST:
            for begin, end in OUTAGES:
                if begin < at <= end:
                    at = self.come_back(begin, end)
            yield at
            at += STEP if self.office.calendar.is_workday(_day(at)) and 7 <= _hour(at) < 17 else NIGHT_STEP

    def come_back(self, begin: datetime, end: datetime) -> datetime:
        """Let the bot serve again after it was away."""
        self.now = end
        outages.note_alive(self.session, now=begin, office=self.office)
        outages.come_back(self.session, now=end, office=self.office)
        self.send_all()
        return end

    def step(self, at: datetime) -> None:
        """Let people act, sweep, and deliver."""
        self.now = at
        if self._acts and self._acts[0][0] <= at:
            self._let_act(at)
            self.send_all()
        reminders.sweep(self.session, now=at, office=self.office)
        self.send_all()

    def _let_act(self, until: datetime) -> None:
        while self._acts and self._acts[0][0] <= until:
            _at, _order, act = heappop(self._acts)
            with suppress(Refusal):  # withdrawn meanwhile
                act()


def is_up(at: datetime) -> bool:
    return not any(begin < at < end for begin, end in OUTAGES)


def numbers_in(text: str) -> set[str]:
    return {line.split(" ")[0] for line in text.split("\n") if " · " in line and line[0].isdigit()}


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def quarter(session: Session, monkeypatch: pytest.MonkeyPatch) -> Quarter:
    # To keep the live cards up to date is most of the work, and not what is looked at here.
    monkeypatch.setattr(cards, "refresh", lambda *_args, **_more: None)
    found = Quarter(session)
    found.plan()
    return found


def overdue(session: Session, at: datetime) -> dict[int, set[str]]:
    """Return what is overdue in each branch, from the bare rows."""
    found: dict[int, set[str]] = defaultdict(set)
    for inquiry in stored.in_states(session, OPEN):
        due = stored.round_of(session, inquiry).due_at
        if due is not None and due < at:
            found[inquiry.branch_id].add(f"{inquiry.number}/{inquiry.year}")
    return found


def check_morning(quarter: Quarter, at: datetime, expected: dict[int, set[str]]) -> None:
    """On this morning every head has heard of exactly what is overdue, in one message."""
    by_chat = defaultdict(list)
    for heard in quarter.heard_all:
        if heard.at == at and "chất vấn quá hạn" in heard.text and "Báo cáo" not in heard.text:
            by_chat[heard.chat_id].append(heard.text)
    for head in quarter.heads:
        assert head.chat_id is not None
        assert head.person.branch_id is not None
        texts, wanted = by_chat[head.chat_id], expected[head.person.branch_id]
        if not wanted:
            assert texts == []
            continue
        [text] = texts
        shown = numbers_in(text.partition("\n\n")[0])
        assert shown <= wanted
        assert len(shown) == min(len(wanted), 8)


def test_a_quarter(quarter: Quarter) -> None:
    session, calendar = quarter.session, quarter.office.calendar
    mornings = 0
    for at in quarter.steps():
        local = at.astimezone(HANOI)
        is_morning = local.time() == time(7, 30) and calendar.is_workday(local.date())
        quarter.step(at)
        if is_morning:
            check_morning(quarter, at, overdue(session, at))
            mornings += 1
    assert mornings > 50
    rows = session.exec(select(Reminder)).all()
    spoken = [row for row in rows if not row.is_superseded]
    # Nothing twice: every reminder stood in one message.
    times = Counter(one for heard in quarter.heard_all for one in heard.ids)
    assert set(times.values()) == {1}
    assert {row.id for row in spoken} <= set(times)
    # Nothing missed.
    late = set(_late(session))
    assert len(late) > 50
    assert late <= {row.inquiry_id for row in spoken if row.rule == "overdue_told"}
    _check_receipts(session, rows)
    _check_escalations(quarter, rows)
    assert {row.rule for row in spoken} == set(Rule) - {Rule.UNDECIDED_YEAR}
    _check_burden(quarter)
    assert list(history.verify(session)) == []


def _late(session: Session) -> Iterator[int | None]:
    """Yield the inquiries that were open for longer than a step after their deadline."""
    for inquiry in session.exec(select(Inquiry)):
        round = stored.round_of(session, inquiry)
        until = round.answered_at or inquiry.closed_at or LAST
        if round.due_at is not None and round.due_at + NIGHT_STEP < until:
            yield inquiry.id


def _check_receipts(session: Session, rows: Sequence[Reminder]) -> None:
    """Whoever did not confirm for four working hours was asked to, unless a higher rung spoke."""
    asked = {row.inquiry_id for row in rows if row.rule == "receipt"}
    for inquiry in session.exec(select(Inquiry)).all():
        round = stored.round_of(session, inquiry, 1)
        if round.received_at is None and round.answered_at is None and inquiry.state in OPEN:
            assert inquiry.id in asked


def _check_escalations(quarter: Quarter, rows: Sequence[Reminder]) -> None:
    """What was overdue for four whole working days was reported, but never the chief's own."""
    session, calendar = quarter.session, quarter.office.calendar
    reported = {row.inquiry_id: row.reminded_at for row in rows if row.rule == "escalation"}
    warned = {row.inquiry_id: row.reminded_at for row in rows if row.rule == "warning"}
    assert len(reported) > 10
    for inquiry in session.exec(select(Inquiry)).all():
        round = stored.round_of(session, inquiry)
        if inquiry.asked_by == quarter.dat.id:
            assert inquiry.id not in reported
        elif round.due_at is not None and inquiry.state is not State.WITHDRAWN:
            until = _day(round.answered_at or LAST)
            if calendar.workdays_between(_day(round.due_at), until) > 7:
                assert inquiry.id in reported
    for inquiry_id, at in reported.items():
        assert calendar.workdays_between(_day(warned[inquiry_id]), _day(at)) >= 1
        assert is_up(at)


def _hour(at: datetime) -> int:
    return at.astimezone(HANOI).hour


def _day(at: datetime) -> date:
    return at.astimezone(HANOI).date()


def _check_burden(quarter: Quarter) -> None:
    """A head hears few reminders a day, and outside working time nothing but hỏa tốc and the own drafts."""
    chats = {head.chat_id for head in quarter.heads}
    ordinary = [one for one in quarter.heard_all if one.chat_id in chats and "⚡" not in one.text]
    a_day = Counter((one.chat_id, _day(one.at)) for one in ordinary)
    assert median(a_day.values()) <= 3
    assert max(a_day.values()) <= 10
    for one in ordinary:
        assert quarter.office.calendar.is_working_time(one.at) or one.text.startswith("Trả lời chất vấn")
