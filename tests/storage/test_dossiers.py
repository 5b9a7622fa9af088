"""A dossier gathers what belongs to an inquiry; a sent answer comes with its writer."""

from sqlalchemy import event
from sqlmodel import Session

from storage.dossiers import gather, sent_answer
from storage.kinds import AnswerState, Role
from storage.tables import Answer, AnswerPart
from tests.storage import rows
from tests.storage.rows import NOW


def test_a_dossier_is_complete(session: Session) -> None:
    ploc = rows.branch(session)
    binh = rows.person(session, "Trần Văn Bình", Role.LEADER)
    tam = rows.person(session, "Hồ Minh Tâm", Role.HEAD, branch_id=ploc, telegram_id=7)
    case = rows.case(session, ploc)
    inquiry = rows.inquiry(session, case.id or 0, ploc, binh, rounds=2)
    dossier = gather(session, inquiry)
    assert dossier.head is not None
    assert (dossier.id, dossier.number) == (inquiry.id, "12/2027")
    assert (dossier.case.id, dossier.branch.id) == (case.id, ploc)
    assert (dossier.asker.id, dossier.head.id) == (binh, tam)
    assert [round.text for round in dossier.rounds] == ["lần 1", "lần 2"]
    assert dossier.round.text == "lần 2"


def test_a_branch_may_have_no_head(session: Session) -> None:
    ploc, binh = rows.branch(session), rows.person(session, "Trần Văn Bình")
    inquiry = rows.inquiry(session, rows.case(session, ploc).id or 0, ploc, binh)
    assert gather(session, inquiry).head is None


def test_a_sent_answer(session: Session) -> None:
    ploc, binh = rows.branch(session), rows.person(session, "Trần Văn Bình")
    tam = rows.person(session, "Hồ Minh Tâm", Role.HEAD, branch_id=ploc)
    inquiry = rows.inquiry(session, rows.case(session, ploc).id or 0, ploc, binh)
    assert sent_answer(session, inquiry, 1) is None
    answer = Answer(
        inquiry_id=inquiry.id or 0,
        round=1,
        person_id=tam,
        state=AnswerState.SENT,
        created_at=NOW,
        sent_at=NOW,
    )
    answer_id = rows.add(session, answer)
    rows.add(session, AnswerPart(answer_id=answer_id, position=1, text="đã kê biên", message_id=1))
    found = sent_answer(session, inquiry, 1)
    assert found is not None
    assert (found.answer.id, found.writer.id, found.text) == (answer_id, tam, "đã kê biên")


def test_a_dossier_costs_few_questions(session: Session) -> None:
    """A list of open inquiries gathers one for each: a dozen questions is the most that stays quick."""
    asked: list[str] = []
    ploc = rows.branch(session)
    binh = rows.person(session, "Trần Văn Bình", Role.LEADER, telegram_id=8)
    rows.person(session, "Hồ Minh Tâm", Role.HEAD, branch_id=ploc, telegram_id=7)
    inquiry = rows.inquiry(session, rows.case(session, ploc).id or 0, ploc, binh)
    session.expire_all()
    inquiry_id = inquiry.id
    event.listen(session.connection().engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    gather(session, inquiry)
    assert inquiry_id
    assert 0 < len(asked) <= 12, asked
