"""Inquiries are numbered without gaps within a working year and found by state, rounds and answers."""

import pytest
from sqlmodel import Session

from storage import inquiries
from storage.kinds import AnswerState, State
from storage.tables import Answer, AnswerPart, Inquiry
from tests.storage import rows
from tests.storage.rows import NOW


class Desk:
    """A branch with one case, a leader and a head."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.ploc, self.aluoi = rows.branch(session), rows.branch(session, "A Lưới", "ALUOI")
        self.binh, self.tam = rows.person(session, "Trần Văn Bình"), rows.person(session)
        self.case = rows.case(session, self.ploc).id or 0
        self.other_case = rows.case(session, self.aluoi, "163/QĐ-CCTHADS").id or 0

    def ask(self, number: int = 12, **more: object) -> Inquiry:
        return rows.inquiry(self.session, self.case, self.ploc, self.binh, number, **more)  # type: ignore[arg-type]

    def answer(
        self, inquiry: Inquiry, round: int, state: AnswerState, *parts: str, by: int | None = None
    ) -> Answer:
        answer = Answer(
            inquiry_id=inquiry.id or 0, round=round, person_id=by or self.tam, state=state, created_at=NOW
        )
        answer_id = rows.add(self.session, answer)
        for position, text in reversed(list(enumerate(parts, start=1))):
            part = AnswerPart(answer_id=answer_id, position=position, text=text, message_id=position)
            rows.add(self.session, part)
        return answer


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session)


def numbers(found: object) -> list[int]:
    return [one.number for one in found]  # type: ignore[attr-defined]


def test_numbers_begin_at_one_and_have_no_gap(desk: Desk) -> None:
    assert inquiries.next_number(desk.session, 2027) == 1
    for number in (1, 2, 3):
        assert inquiries.next_number(desk.session, 2027) == number
        desk.ask(number)
    assert inquiries.next_number(desk.session, 2028) == 1


def test_an_inquiry_is_found_by_its_number(desk: Desk) -> None:
    this, last = desk.ask(12), desk.ask(12, year=2026)
    assert inquiries.by_number(desk.session, 12, 2027) == this
    assert inquiries.by_number(desk.session, 12, 2026) == last
    assert inquiries.by_number(desk.session, 13, 2027) is None
    assert inquiries.get(desk.session, this.id or 0) == this
    with pytest.raises(LookupError):
        inquiries.get(desk.session, 404)


def test_rounds_in_order(desk: Desk) -> None:
    inquiry = desk.ask(rounds=3)
    assert [round.number for round in inquiries.rounds(desk.session, inquiry)] == [1, 2, 3]
    assert inquiries.round_of(desk.session, inquiry).number == 3


def test_inquiries_in_states(desk: Desk) -> None:
    desk.ask(3, year=2028, state=State.DELIVERED)
    desk.ask(7, state=State.RECEIVED)
    desk.ask(5, state=State.DELIVERED)
    desk.ask(6, state=State.ACCEPTED)
    elsewhere = rows.inquiry(desk.session, desk.other_case, desk.aluoi, desk.tam, 8, state=State.DELIVERED)
    wanted = {State.DELIVERED, State.RECEIVED}
    assert numbers(inquiries.in_states(desk.session, wanted)) == [5, 7, 8, 3]
    assert inquiries.in_states(desk.session, wanted, branch_id=desk.aluoi) == [elsewhere]
    assert inquiries.in_states(desk.session, wanted, asked_by=desk.tam) == [elsewhere]
    assert inquiries.in_states(desk.session, wanted, asked_by=desk.tam, branch_id=desk.ploc) == []
    assert inquiries.in_states(desk.session, set()) == []


def test_inquiries_on_a_case(desk: Desk) -> None:
    desk.ask(5, state=State.ACCEPTED)
    desk.ask(2, year=2028)
    rows.inquiry(desk.session, desk.other_case, desk.aluoi, desk.binh, 8)
    assert numbers(inquiries.of_case(desk.session, desk.case)) == [5, 2]


def test_an_answer_in_preparation_is_of_its_writer_and_round(desk: Desk) -> None:
    inquiry = desk.ask(rounds=2)
    desk.answer(inquiry, 1, AnswerState.PREPARING)
    desk.answer(inquiry, 2, AnswerState.CANCELLED)
    desk.answer(inquiry, 2, AnswerState.PREPARING, by=desk.binh)
    assert inquiries.answer_in_preparation(desk.session, inquiry, desk.tam) is None
    mine = desk.answer(inquiry, 2, AnswerState.PREPARING)
    assert inquiries.answer_in_preparation(desk.session, inquiry, desk.tam) == mine


def test_the_answer_that_a_round_received(desk: Desk) -> None:
    inquiry = desk.ask(rounds=2)
    desk.answer(inquiry, 1, AnswerState.CANCELLED, "bỏ")
    desk.answer(inquiry, 1, AnswerState.PREPARING, "chưa gửi")
    assert inquiries.sent_answer(desk.session, inquiry, 1) is None
    sent = desk.answer(inquiry, 1, AnswerState.SENT, "đoạn một", "đoạn hai\n", "đoạn ba")
    assert inquiries.sent_answer(desk.session, inquiry, 1) == sent
    assert inquiries.sent_answer(desk.session, inquiry, 2) is None
    assert inquiries.answer_text(desk.session, sent) == "đoạn một\nđoạn hai\n\nđoạn ba"
    assert [part.position for part in inquiries.parts(desk.session, sent)] == [1, 2, 3]
