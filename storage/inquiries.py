"""Inquiries and their rounds, answers and remarks."""

from collections.abc import Collection, Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.kinds import AnswerState, State
from storage.tables import Answer, AnswerPart, Inquiry, Remark, Round


def get(session: Session, inquiry_id: int) -> Inquiry:
    """Return the inquiry with this id. Raises LookupError when there is none."""
    inquiry = session.get(Inquiry, inquiry_id)
    if inquiry is None:
        raise LookupError(f"no inquiry {inquiry_id}")
    return inquiry


def by_number(session: Session, number: int, year: int) -> Inquiry | None:
    return session.exec(select(Inquiry).where(Inquiry.number == number, Inquiry.year == year)).first()


def next_number(session: Session, year: int) -> int:
    """Return the next number of a working year. Free of gaps, as there is one writer."""
    last = session.exec(select(func.max(Inquiry.number)).where(Inquiry.year == year)).one()
    return (last or 0) + 1


def round_of(session: Session, inquiry: Inquiry, number: int | None = None) -> Round:
    """Return an inquiry's present round, or the one with this number."""
    sought = number or inquiry.round
    return session.exec(select(Round).where(Round.inquiry_id == inquiry.id, Round.number == sought)).one()


def rounds(session: Session, inquiry: Inquiry) -> Sequence[Round]:
    return session.exec(select(Round).where(Round.inquiry_id == inquiry.id).order_by(col(Round.number))).all()


def in_states(
    session: Session,
    states: Collection[State],
    *,
    asked_by: int | None = None,
    branch_id: int | None = None,
) -> Sequence[Inquiry]:
    """Return the inquiries in these states, oldest first, of an asker or a branch."""
    found = select(Inquiry).where(col(Inquiry.state).in_(states))
    if asked_by is not None:
        found = found.where(Inquiry.asked_by == asked_by)
    if branch_id is not None:
        found = found.where(Inquiry.branch_id == branch_id)
    return session.exec(found.order_by(col(Inquiry.year), col(Inquiry.number))).all()


def of_case(session: Session, case_id: int) -> Sequence[Inquiry]:
    """Return every inquiry on a case, oldest first."""
    found = select(Inquiry).where(Inquiry.case_id == case_id)
    return session.exec(found.order_by(col(Inquiry.id))).all()


# --- answers ---


def answer_in_preparation(session: Session, inquiry: Inquiry, person_id: int) -> Answer | None:
    """Return what a person has begun to write in reply to the present round."""
    return session.exec(
        select(Answer).where(
            Answer.inquiry_id == inquiry.id,
            Answer.round == inquiry.round,
            Answer.person_id == person_id,
            Answer.state == AnswerState.PREPARING,
        )
    ).first()


def sent_answer(session: Session, inquiry: Inquiry, round: int) -> Answer | None:
    """Return the answer that a round received."""
    return session.exec(
        select(Answer).where(
            Answer.inquiry_id == inquiry.id, Answer.round == round, Answer.state == AnswerState.SENT
        )
    ).first()


def parts(session: Session, answer: Answer) -> Sequence[AnswerPart]:
    """Return an answer's texts in order."""
    found = select(AnswerPart).where(AnswerPart.answer_id == answer.id)
    return session.exec(found.order_by(col(AnswerPart.position))).all()


def answer_text(session: Session, answer: Answer) -> str:
    """Return the whole answer, its parts a line apart."""
    return "\n".join(part.text for part in parts(session, answer))


# --- remarks ---


def wordless_remarks(session: Session, remark: Remark) -> Sequence[Remark]:
    """Return the remarks of the same writer on the same round that have no text: their files wait for one."""
    found = select(Remark).where(
        Remark.inquiry_id == remark.inquiry_id,
        Remark.round == remark.round,
        Remark.person_id == remark.person_id,
        Remark.text == "",
        col(Remark.used_at).is_(None),
    )
    return session.exec(found.order_by(col(Remark.id))).all()
