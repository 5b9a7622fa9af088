"""The asker's judgment: sufficient, a further question, not sufficient; a text until a button says what."""

from functools import partial

import pytest
from sqlmodel import select

from bot.operations import verdicts
from bot.rules.lifecycle import LIFECYCLE
from storage import prompts
from storage.inquiries import round_of, rounds
from storage.kinds import Act, PromptPurpose, Role, RoundKind, State
from storage.tables import Inquiry, Remark
from tests.operations.conftest import (
    ENDED,
    GONE,
    NOT_YOURS,
    ROUND_OVER,
    TOO_EARLY,
    WITHDRAWN,
    House,
    moment,
    refusal,
)

ASKING_ON = (Act.ASK_FURTHER, Act.FIND_INSUFFICIENT)
OTHERS = ["dat", "tam", "son", "huy", "mai", "hoa"]


def _remark(house: House, inquiry: Inquiry, text: str = "Còn tài sản khác?", *, round: int = 1) -> int:
    verdicts.remark(
        house.session, inquiry, text, round=round, by=house.binh, now=house.now, office=house.office
    )
    kept = house.session.exec(select(Remark)).all()[-1]
    assert kept.id is not None
    return kept.id


def _use(house: House, remark_id: int, act: Act = Act.ASK_FURTHER, *, by: str = "binh") -> Inquiry:
    return verdicts.use_remark(
        house.session, remark_id, act, by=getattr(house, by), now=house.now, office=house.office
    )


# --- sufficient -------------------------------------------------------------------------------


def test_a_sufficient_answer_ends_the_inquiry(house: House) -> None:
    inquiry = house.answered()
    house.hush()
    house.at("08:05 07/12/2026")
    house.accept(inquiry)
    assert (inquiry.state, inquiry.closed_at) == (State.ACCEPTED, moment("08:05 07/12/2026"))
    assert round_of(house.session, inquiry).judged_at == house.now
    assert house.acts(inquiry) == ["ask", "deliver", "answer", "accept"]
    assert house.heard(house.tam) == [
        "✅ Chất vấn 1/2027 kết thúc\nĐ/c Trần Văn Bình: đạt yêu cầu, 08:05 07/12."
    ]
    card = house.shows(house.binh, "✅ Chất vấn 1/2027 · Kết thúc")
    assert card.split("\n")[-1] == "Đạt yêu cầu 08:05 07/12"
    assert house.buttons(house.binh, "Trả lời chất vấn 1/2027") == []
    assert house.heard(house.son) == house.heard(house.dat) == []


def test_a_second_press_is_told_when_the_first_was(house: House) -> None:
    inquiry = house.answered()
    house.at("08:05 07/12/2026")
    house.accept(inquiry)
    house.hush()
    assert refusal(lambda: house.accept(inquiry)) == "Đã ghi nhận lúc 08:05."
    assert refusal(lambda: house.ask_on(inquiry)) == ENDED
    assert house.heard(house.tam) == []


def test_a_head_who_is_gone_hears_nothing_of_the_end(house: House) -> None:
    inquiry = house.answered()
    house.suspend(house.tam)
    house.accept(inquiry)
    assert inquiry.state is State.ACCEPTED


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_judges(house: House, name: str) -> None:
    inquiry, other = house.answered(), getattr(house, name)
    assert refusal(lambda: house.accept(inquiry, by=other)) == NOT_YOURS
    for act in ASKING_ON:
        assert refusal(partial(house.ask_on, inquiry, act, by=other)) == NOT_YOURS
        assert refusal(
            partial(
                verdicts.begin,
                house.session,
                inquiry,
                act,
                round=1,
                by=other,
                now=house.now,
                office=house.office,
            )
        ) == (NOT_YOURS)
    assert refusal(
        lambda: verdicts.remark(
            house.session, inquiry, "?", round=1, by=other, now=house.now, office=house.office
        )
    ) == (NOT_YOURS)
    assert inquiry.state is State.ANSWERED
    assert house.acts(inquiry) == ["ask", "deliver", "answer"]


def test_a_suspended_asker_judges_nothing(house: House) -> None:
    inquiry, binh = house.answered(), house.suspend(house.binh)
    assert refusal(lambda: house.accept(inquiry, by=binh)) == NOT_YOURS


def test_what_has_no_answer_yet_cannot_be_judged(house: House) -> None:
    inquiry = house.received()
    assert refusal(lambda: house.accept(inquiry)) == TOO_EARLY
    assert refusal(lambda: house.ask_on(inquiry)) == TOO_EARLY
    assert refusal(lambda: _remark(house, inquiry)) == TOO_EARLY


# --- a further round --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "kind", "first_line", "purpose"),
    [
        (
            Act.ASK_FURTHER,
            RoundKind.FURTHER,
            "Chất vấn 1/2027: hỏi thêm (lần 2)",
            PromptPurpose.FURTHER,
        ),
        (
            Act.FIND_INSUFFICIENT,
            RoundKind.AGAIN,
            "Chất vấn 1/2027: đề nghị trả lời lại (lần 2)",
            PromptPurpose.INSUFFICIENT,
        ),
    ],
    ids=["further", "again"],
)
def test_the_next_round_reaches_the_head(
    house: House, act: Act, kind: RoundKind, first_line: str, purpose: PromptPurpose
) -> None:
    inquiry = house.answered()
    house.hush()
    verdicts.begin(house.session, inquiry, act, round=1, by=house.binh, now=house.now, office=house.office)
    prompt = prompts.open_prompt(house.session, house.binh.id, house.now)
    assert prompt is not None
    assert (prompt.purpose, prompt.subject_id, prompt.round) == (purpose, inquiry.id, 1)
    house.at("08:05 07/12/2026")
    house.ask_on(inquiry, act, "Chưa nêu lý do chậm <xác minh>.")
    assert prompts.open_prompt(house.session, house.binh.id, house.now) is None
    assert prompt.closed_at == house.now
    assert (inquiry.round, inquiry.state) == (2, State.QUEUED)
    first, second = rounds(house.session, inquiry)
    assert (first.judged_at, second.kind, second.text) == (
        house.now,
        kind,
        "Chưa nêu lý do chậm <xác minh>.",
    )
    (notice,) = house.heard(house.tam)
    assert notice.split("\n")[:2] == [first_line, "Hạn: 17:00 thứ Tư, 09/12/2026"]
    assert "Chưa nêu lý do chậm <xác minh>." in notice
    assert second.due_at == moment("17:00 09/12/2026")
    assert house.acts(inquiry) == ["ask", "deliver", "answer", act, "deliver"]
    assert house.buttons(house.tam, "Chất vấn 1/2027 · Thường") == []
    assert LIFECYCLE[act].opens_round


def test_a_round_that_is_over_opens_no_other(house: House) -> None:
    inquiry = house.further()
    house.answer(inquiry)
    assert refusal(lambda: house.ask_on(inquiry, round=1)) == ROUND_OVER
    assert refusal(lambda: house.accept(inquiry, round=1)) == ROUND_OVER
    assert inquiry.round == 2


def test_a_round_without_a_head_is_held(house: House) -> None:
    inquiry = house.answered()
    house.suspend(house.tam)
    house.ask_on(inquiry)
    assert (inquiry.round, inquiry.state) == (2, State.HELD)


def test_the_chief_is_told_of_the_second_insufficient_answer(house: House) -> None:
    inquiry = house.further(act=Act.FIND_INSUFFICIENT, text="Chưa rõ.")
    house.answer(inquiry)
    assert house.heard(house.dat) == []
    house.ask_on(inquiry, Act.FIND_INSUFFICIENT, "Vẫn chưa rõ <lý do>.", round=2)
    assert house.heard(house.dat) == [
        "Chất vấn 1/2027: hai lần chưa đạt yêu cầu\n"
        "Phú Lộc, đ/c Hồ Minh Tâm · đ/c Trần Văn Bình hỏi\n"
        "Vẫn chưa rõ <lý do>."
    ]
    house.send_all()
    house.answer(inquiry)
    house.ask_on(inquiry, Act.FIND_INSUFFICIENT, "Lần ba.", round=3)
    assert house.heard(house.dat) == []


def test_a_further_question_does_not_count_as_insufficient(house: House) -> None:
    inquiry = house.further()
    house.answer(inquiry)
    house.ask_on(inquiry, Act.FIND_INSUFFICIENT, round=2)
    assert house.heard(house.dat) == []


@pytest.mark.parametrize("chief", ["asks", "is suspended"])
def test_a_chief_who_asked_or_is_gone_is_told_nothing(house: House, chief: str) -> None:
    asker = house.dat if chief == "asks" else house.binh
    inquiry = house.delivered(by=asker)
    for round in (1, 2):
        house.answer(inquiry)
        if chief == "is suspended":
            house.suspend(house.dat)
        house.hush()
        house.ask_on(inquiry, Act.FIND_INSUFFICIENT, round=round, by=asker)
        house.send_all()
    phone = house.phone(house.dat.account.telegram_id if house.dat.account else 0)
    assert not [text for text in phone.texts.values() if "hai lần" in text]


def test_a_head_who_is_gone_is_not_named_to_the_chief(house: House) -> None:
    inquiry = house.further(act=Act.FIND_INSUFFICIENT)
    house.answer(inquiry)
    house.suspend(house.tam)
    house.ask_on(inquiry, Act.FIND_INSUFFICIENT, "Vẫn chưa.", round=2)
    assert house.heard(house.dat)[0].split("\n")[1] == "Phú Lộc · đ/c Trần Văn Bình hỏi"


# --- a text in reply to an answer -------------------------------------------------------------


def test_a_text_on_an_answer_is_sent_to_nobody_before_a_press(house: House) -> None:
    inquiry = house.answered()
    house.hush()
    _remark(house, inquiry, "Còn <tài sản> khác?")
    assert house.heard(house.binh) == ["Chất vấn 1/2027: chưa gửi\nCòn <tài sản> khác?"]
    assert house.buttons(house.binh, "Chất vấn 1/2027: chưa gửi")[:2] == ["Gửi hỏi thêm", "Chưa đạt yêu cầu"]
    assert house.heard(house.tam) == []
    assert inquiry.state is State.ANSWERED


@pytest.mark.parametrize("act", ASKING_ON)
def test_a_kept_text_becomes_what_its_writer_chose(house: House, act: Act) -> None:
    inquiry = house.answered()
    remark_id = _remark(house, inquiry)
    house.hush()
    assert _use(house, remark_id, act) is inquiry
    assert round_of(house.session, inquiry).text == "Còn tài sản khác?"
    assert house.acts(inquiry)[-1] == act
    assert house.buttons(house.binh, "Chất vấn 1/2027: đã gửi") == []
    house.at("10:02 30/11/2026")
    assert refusal(lambda: _use(house, remark_id, act)) == "Đã ghi nhận lúc 09:16."
    assert inquiry.round == 2


def test_of_two_kept_texts_the_second_comes_too_late(house: House) -> None:
    inquiry = house.answered()
    one, other = _remark(house, inquiry, "Một?"), _remark(house, inquiry, "Hai?")
    _use(house, other)
    assert refusal(lambda: _use(house, one)) == ROUND_OVER
    assert round_of(house.session, inquiry).text == "Hai?"


def test_a_kept_text_is_its_writers_and_must_exist(house: House) -> None:
    remark_id = _remark(house, house.answered())
    for name in OTHERS:
        assert refusal(partial(_use, house, remark_id, by=name)) == NOT_YOURS
    assert refusal(lambda: _use(house, 999)) == GONE


def test_a_withdrawn_inquiry_takes_no_text(house: House) -> None:
    inquiry = house.delivered()
    house.withdraw(inquiry)
    assert refusal(lambda: _remark(house, inquiry)) == WITHDRAWN


def test_an_asker_named_a_head_elsewhere_still_judges(house: House) -> None:
    leader = house.member("Đỗ Văn Hai", Role.LEADER, Role.HEAD, branch="ALUOI")
    inquiry = house.delivered(by=leader)
    house.answer(inquiry)
    house.accept(inquiry, by=leader)
    assert inquiry.state is State.ACCEPTED
