"""Answers: parts, the preview, the one press that sends; a text that belongs nowhere."""

from functools import partial

import pytest
from sqlmodel import select

from bot.operations import answers, inquiries, prompts
from bot.wording.catalogue import say
from storage import history
from storage import inquiries as stored
from storage import prompts as stored_prompts
from storage.dossiers import gather
from storage.inquiries import round_of
from storage.kinds import Act, AnswerState, PromptPurpose, Role, State, Urgency
from storage.people import Member
from storage.tables import Answer, Inquiry, Outgoing, Prompt
from tests.operations.conftest import (
    ENDED,
    GONE,
    NOT_YOURS,
    ROUND_OVER,
    TOO_EARLY,
    WITHDRAWN,
    House,
    missing,
    moment,
    refusal,
)

PREVIEW = "CHƯA GỬI · xem lại trả lời chất vấn 1/2027"
OTHERS = ["binh", "dat", "son", "huy", "mai", "hoa"]
ANSWERED = "Đồng chí Tâm đã trả lời lúc 09:16."


def _send(house: House, answer: Answer, *, preview: int | None = None, by: Member | None = None) -> Inquiry:
    return answers.send(
        house.session,
        answer.id or 0,
        preview=answer.preview if preview is None else preview,
        by=by or house.tam,
        now=house.now,
        office=house.office,
    )


def _begin(house: House, inquiry: Inquiry, *, round: int = 1, by: Member | None = None) -> None:
    answers.begin(house.session, inquiry, round=round, by=by or house.tam, now=house.now, office=house.office)


def _more(house: House, answer: Answer, *, by: Member | None = None) -> None:
    answers.write_more(house.session, answer.id or 0, by=by or house.tam, now=house.now, office=house.office)


def _rewrite(house: House, answer: Answer, *, by: Member | None = None) -> None:
    answers.rewrite(house.session, answer.id or 0, by=by or house.tam, now=house.now, office=house.office)


def _cancel(house: House, answer: Answer, *, by: Member | None = None) -> Inquiry:
    return answers.cancel(house.session, answer.id or 0, by=by or house.tam, now=house.now)


def _awaited(house: House, member: Member | None = None) -> Prompt | None:
    return stored_prompts.open_prompt(house.session, (member or house.tam).id, house.now)


# --- writing ----------------------------------------------------------------------------------


def test_a_text_is_previewed_and_reaches_nobody(house: House) -> None:
    inquiry = house.delivered()
    house.hush()
    house.write(inquiry, "Đã xác minh <b>tài sản</b> & đất.")
    assert house.heard(house.tam) == [
        f"{PREVIEW}\n"
        "Người nhận: đồng chí Trần Văn Bình, Phó Cục trưởng\n"
        "Vụ việc: 150/QĐ-CCTHADS\n"
        "Đã xác minh <b>tài sản</b> & đất.\n"
        "1 đoạn · chưa nêu thời hạn"
    ]
    assert house.buttons(house.tam, PREVIEW) == ["Gửi trả lời", "Viết thêm", "Sửa", "Hủy"]
    for other in (house.binh, house.dat, house.mai, house.son, house.hoa):
        assert house.heard(other) == []
    assert (inquiry.state, house.acts(inquiry)) == (State.DELIVERED, ["ask", "deliver"])


def test_further_parts_join_the_answer_under_a_new_preview(house: House) -> None:
    inquiry = house.delivered()
    first = house.write(inquiry, "Một.")
    house.hush()
    second = house.write(inquiry, "Hai, trước 15/12.")
    assert first is second
    assert second.preview == 2
    (preview,) = house.heard(house.tam)
    assert preview.split("\n")[-3:] == ["Một.", "Hai, trước 15/12.", "2 đoạn"]
    assert [part.position for part in stored.parts(house.session, second)] == [1, 2]
    buttons = list(house.phone(house.tam).buttons.values())
    assert buttons.count(["Gửi trả lời", "Viết thêm", "Sửa", "Hủy"]) == 1


def test_a_text_proves_a_delivery_whose_mark_was_lost(house: House) -> None:
    inquiry = house.queued()
    house.write(inquiry)
    assert inquiry.state is State.DELIVERED
    assert round_of(house.session, inquiry).due_at == moment("17:00 07/12/2026")


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_answers_nor_proves_a_delivery(house: House, name: str) -> None:
    inquiry, other = house.queued(), getattr(house, name)
    assert refusal(lambda: house.write(inquiry, by=other)) == NOT_YOURS
    assert refusal(lambda: _begin(house, inquiry, by=other)) == NOT_YOURS
    assert inquiry.state is State.QUEUED
    assert house.session.exec(select(Answer)).all() == []


def test_a_suspended_head_answers_nothing(house: House) -> None:
    inquiry = house.delivered()
    answer = house.write(inquiry)
    tam = house.suspend(house.tam)
    assert refusal(lambda: house.write(inquiry, by=tam)) == NOT_YOURS
    assert refusal(lambda: _send(house, answer, by=tam)) == NOT_YOURS
    assert house.acts(inquiry) == ["ask", "deliver"]


def test_beginning_asks_for_the_text_and_a_later_prompt_takes_its_place(house: House) -> None:
    one, other = house.delivered(), house.delivered(house.case("9/QĐ-CCTHADS"))
    house.hush()
    _begin(house, one)
    _begin(house, other)
    assert [text.split("\n")[0] for text in house.heard(house.tam)] == [
        "Trả lời chất vấn 1/2027",
        "Trả lời chất vấn 2/2027",
    ]
    awaited = _awaited(house)
    assert awaited is not None
    assert (awaited.purpose, awaited.subject_id, awaited.round) == (PromptPurpose.ANSWER, other.id, 1)
    house.at("09:46 30/11/2026")
    assert _awaited(house) is None  # it has lapsed


# --- sending ----------------------------------------------------------------------------------


def test_one_press_sends_the_answer_to_the_asker(house: House) -> None:
    inquiry = house.received()
    _begin(house, inquiry)
    answer = house.write(inquiry, "Kê biên <trước> 15/12/2026.")
    house.hush()
    house.at("15:42 04/12/2026")
    assert _send(house, answer) is inquiry
    assert house.heard(house.binh) == [
        "Trả lời chất vấn 1/2027\n"
        "Phú Lộc, đ/c Hồ Minh Tâm, Chi cục trưởng · 15:42 04/12/2026, trước hạn 1 ngày làm việc\n"
        "Hỏi: vi sao den nay chua ke bien tai san, khi nao thuc hien\n"
        "Kê biên <trước> 15/12/2026.\n\n"
        "Kính đề nghị đồng chí cho ý kiến về trả lời này."
    ]
    assert house.buttons(house.binh, "Trả lời chất vấn 1/2027") == [
        "Đạt yêu cầu",
        "Hỏi thêm",
        "Chưa đạt yêu cầu",
    ]
    assert house.heard(house.tam) == ["Đã gửi trả lời chất vấn 1/2027 lúc 15:42 04/12."]
    round = round_of(house.session, inquiry)
    assert (round.answered_at, round.answered_by, round.is_timely) == (house.now, house.tam.id, True)
    assert (answer.state, answer.sent_at) == (AnswerState.SENT, house.now)
    assert house.acts(inquiry) == ["ask", "deliver", "receive", "answer"]
    assert _awaited(house) is None
    for other in (house.dat, house.mai, house.son, house.huy, house.hoa):
        assert house.heard(other) == []


def test_the_record_keeps_the_text_and_whether_it_was_in_time(house: House) -> None:
    inquiry = house.delivered()
    answer = house.write(inquiry, "Một.")
    house.write(inquiry, "Hai.")
    house.at("17:01 07/12/2026")
    _send(house, answer)
    assert inquiry.id is not None
    _row, details = history.of_inquiry(house.session, inquiry.id)[-1]
    assert (details["text"], details["timely"]) == ("Một.\nHai.", False)


@pytest.mark.parametrize(
    ("at", "is_timely", "said"),
    [
        ("17:00 07/12/2026", True, "đúng hạn"),
        ("17:01 07/12/2026", False, "sau hạn"),
        ("17:00 08/12/2026", False, "quá hạn 1 ngày làm việc"),
    ],
)
def test_whether_it_is_in_time_is_fixed_when_it_is_sent(
    house: House, at: str, is_timely: bool, said: str
) -> None:
    inquiry = house.delivered()
    house.at(at)
    house.answer(inquiry)
    assert round_of(house.session, inquiry).is_timely is is_timely
    assert house.heard(house.binh)[-1].split("\n")[1].endswith(f", {said}")


def test_an_answer_of_emoji_and_of_full_length_arrives_whole(house: House) -> None:
    inquiry = house.delivered()
    answer = house.write(inquiry, "😀" * 2048)
    house.write(inquiry, "dài " * 1023 + "hết.")
    house.hush()
    _send(house, answer)
    heard = house.heard(house.binh)
    said = "".join(heard)
    assert said.count("😀") == 2048
    assert said.count("dài") == 1023
    assert heard[-1].endswith("Kính đề nghị đồng chí cho ý kiến về trả lời này.")
    assert all(len(text.encode("utf-16-le")) // 2 <= 4096 for text in heard)


def test_a_press_on_an_older_preview_sends_nothing(house: House) -> None:
    answer = house.write(house.delivered(), "Một.")
    house.write(house.session.get_one(Inquiry, answer.inquiry_id), "Hai.")
    assert refusal(lambda: _send(house, answer, preview=1)) == (
        "Đã có bản xem lại mới hơn ở dưới; chưa gửi gì."
    )
    assert answer.state is AnswerState.PREPARING


def test_a_second_press_is_told_when_the_first_was(house: House) -> None:
    inquiry = house.delivered()
    answer = house.answer(inquiry)
    house.hush()
    house.at("10:00 01/12/2026")
    for act in (_send, _more, _rewrite, _cancel):
        assert refusal(partial(act, house, answer)) == "Đã ghi nhận lúc 09:16 30/11."
    assert house.heard(house.binh) == []


def test_a_cancelled_answer_is_gone(house: House) -> None:
    answer = house.write(house.delivered())
    _cancel(house, answer)
    for act in (_send, _more, _rewrite, _cancel):
        assert refusal(partial(act, house, answer)) == GONE
    assert refusal(lambda: _send(house, missing(Answer))) == GONE


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_touches_an_answer_in_preparation(house: House, name: str) -> None:
    answer, other = house.write(house.delivered()), getattr(house, name)
    for act in (_send, _more, _rewrite, _cancel):
        assert refusal(partial(act, house, answer, by=other)) == NOT_YOURS
    assert answer.state is AnswerState.PREPARING
    assert house.heard(house.binh)[-1].split("\n")[0] != "Trả lời chất vấn 1/2027"


def test_what_was_answered_takes_no_further_answer(house: House) -> None:
    inquiry = house.answered()
    assert refusal(lambda: house.write(inquiry)) == ANSWERED
    assert refusal(lambda: _begin(house, inquiry)) == ANSWERED


def test_an_answer_to_a_round_that_is_over_is_not_sent(house: House) -> None:
    inquiry = house.delivered()
    late = house.write(inquiry)
    late.person_id = house.son.id  # a second answer of the round, by one who heads the branch later
    house.session.add(late)
    house.answer(inquiry)
    house.ask_on(inquiry)
    late.person_id = house.tam.id
    assert refusal(lambda: _send(house, late)) == ROUND_OVER
    assert refusal(lambda: _begin(house, inquiry, round=1)) == ROUND_OVER
    assert inquiry.state is State.QUEUED  # an old button proves no delivery


def test_a_withdrawn_or_ended_inquiry_takes_no_answer(house: House) -> None:
    inquiry = house.delivered()
    answer = house.write(inquiry)
    house.withdraw(inquiry)
    for act in (_send, _more, _rewrite):
        assert refusal(partial(act, house, answer)) == WITHDRAWN
    assert refusal(lambda: house.write(inquiry)) == WITHDRAWN
    ended = house.answered(house.case("9/QĐ-CCTHADS"))
    house.accept(ended)
    assert refusal(lambda: house.write(ended)) == ENDED


def test_a_withdrawal_frees_the_head_from_the_prompt(house: House) -> None:
    inquiry = house.delivered()
    _begin(house, inquiry)
    house.withdraw(inquiry)
    assert _awaited(house) is None


def test_an_answer_frees_the_asker_from_the_prompt_to_withdraw(house: House) -> None:
    inquiry = house.delivered()
    prompts.open_prompt(
        house.session,
        house.binh,
        PromptPurpose.WITHDRAWAL,
        inquiry.id or 0,
        say("withdrawal.prompt", number="1/2027"),
        now=house.now,
        office=house.office,
    )
    house.answer(inquiry)
    assert _awaited(house, house.binh) is None


def test_sending_one_answer_leaves_the_prompt_of_another_open(house: House) -> None:
    answer = house.write(house.delivered())
    other = house.delivered(house.case("9/QĐ-CCTHADS"))
    _begin(house, other)
    _send(house, answer)
    awaited = _awaited(house)
    assert awaited is not None
    assert awaited.subject_id == other.id


def test_a_new_head_answers_and_the_former_one_does_not(house: House) -> None:
    inquiry = house.delivered()
    begun = house.write(inquiry)
    sen = house.member("Cao Thị Sen", Role.HEAD, branch="PLOC", title="Chi cục trưởng")
    assert refusal(lambda: _send(house, begun)) == NOT_YOURS
    assert refusal(lambda: _more(house, begun)) == NOT_YOURS
    _send(house, house.write(inquiry, "Của tôi.", by=sen), by=sen)
    assert "đ/c Cao Thị Sen, Chi cục trưởng" in house.heard(house.binh)[-1]
    assert "Kê biên" not in house.phone(house.binh).texts[max(house.phone(house.binh).texts)]


# --- writing more, writing anew, cancelling ---------------------------------------------------


def test_writing_more_asks_for_a_further_part(house: House) -> None:
    answer = house.write(house.delivered())
    house.hush()
    _more(house, answer)
    assert house.heard(house.tam)[0].split("\n")[0] == "Viết thêm vào trả lời chất vấn 1/2027"
    assert answer.state is AnswerState.PREPARING


def test_writing_anew_drops_the_parts(house: House) -> None:
    inquiry = house.delivered()
    answer = house.write(inquiry, "Sai.")
    house.hush()
    _rewrite(house, answer)
    assert house.heard(house.tam)[0].split("\n")[0] == "Viết lại trả lời chất vấn 1/2027"
    assert answer.state is AnswerState.CANCELLED
    assert house.buttons(house.tam, "Bản xem lại này đã bỏ, chưa gửi cho ai.") == []
    again = house.write(inquiry, "Đúng.")
    assert again is not answer
    assert stored.answer_text(house.session, again) == "Đúng."


def test_cancelling_sends_nothing_and_awaits_nothing(house: House) -> None:
    inquiry = house.delivered()
    answer = house.write(inquiry)
    _more(house, answer)
    house.hush()
    assert _cancel(house, answer) is inquiry
    assert house.heard(house.tam) == [
        "Đã hủy bản trả lời chất vấn 1/2027, chưa gửi cho ai. Trả lời: /traloi_1"
    ]
    assert house.heard(house.binh) == []
    assert _awaited(house) is None
    assert answers.in_preparation(house.session, house.tam) == []


def test_what_one_has_begun_is_listed_oldest_first(house: House) -> None:
    one = house.write(house.delivered())
    other = house.write(house.delivered(house.case("9/QĐ-CCTHADS")))
    house.answer(house.delivered(house.case("8/QĐ-CCTHADS")))
    assert answers.in_preparation(house.session, house.tam) == [one, other]
    assert answers.in_preparation(house.session, house.son) == []


# --- showing ----------------------------------------------------------------------------------


def _show(house: House, inquiry: Inquiry, round: int, to: Member) -> None:
    dossier = gather(house.session, inquiry)
    answers.show(house.session, dossier, round, to=to, now=house.now, office=house.office)


def test_every_round_keeps_its_answer(house: House) -> None:
    inquiry = house.answered()
    house.ask_on(inquiry)
    house.send_all()
    house.answer(inquiry, "Lần hai.")
    house.hush()
    _show(house, inquiry, 1, house.mai)
    _show(house, inquiry, 2, house.mai)
    _show(house, inquiry, 2, house.binh)
    first, second = house.heard(house.mai)
    assert "Kê biên trước 15/12/2026." in first
    assert second.split("\n")[0] == "Trả lời chất vấn 1/2027, lần 2"
    assert all("Kính đề nghị" not in text for text in (first, second))
    assert house.heard(house.binh)[0].endswith("Kính đề nghị đồng chí cho ý kiến về trả lời này.")


@pytest.mark.parametrize("round", [1, 2, 99])
def test_what_has_no_answer_is_too_early_to_show(house: House, round: int) -> None:
    inquiry = house.delivered()
    house.write(inquiry, "Chưa gửi.")
    assert refusal(lambda: _show(house, inquiry, round, house.binh)) == TOO_EARLY
    assert not [text for text in house.heard(house.binh) if "Chưa gửi." in text]


# --- a text that belongs nowhere --------------------------------------------------------------


def _ask_where(house: House, text: str = "Kê biên 15/12.", *, by: Member | None = None) -> Prompt:
    answers.ask_where(house.session, text, message_id=77, by=by or house.tam, now=house.now)
    return house.session.exec(select(Prompt).order_by("id")).all()[-1]


def _belongs(house: House, prompt: Prompt, inquiry: Inquiry | None, *, by: Member | None = None) -> None:
    inquiry_id = inquiry.id if inquiry else None
    answers.belongs(
        house.session, prompt.id or 0, inquiry_id, by=by or house.tam, now=house.now, office=house.office
    )


def test_a_stray_text_is_offered_the_heads_open_inquiries(house: House) -> None:
    house.delivered(house.case("9/QĐ-CCTHADS", "ALUOI", debtors="Hồ Văn Lưới"))
    house.delivered()
    house.hush()
    _ask_where(house, "Kê <biên> 15/12.")
    assert house.heard(house.tam) == ["Nội dung này thuộc chất vấn nào?\nChưa gửi cho ai.\nKê <biên> 15/12."]
    assert house.buttons(house.tam, "Nội dung này thuộc chất vấn nào?") == [
        "2 · 150/QĐ · hạn T2 07/12",
        "Không phải trả lời",
    ]
    assert _awaited(house) is None  # it takes no text


def test_a_stray_text_goes_into_the_chosen_answer(house: House) -> None:
    inquiry = house.delivered()
    prompt = _ask_where(house)
    house.hush()
    _belongs(house, prompt, inquiry)
    (begun,) = answers.in_preparation(house.session, house.tam)
    (part,) = stored.parts(house.session, begun)
    assert (part.text, part.message_id) == ("Kê biên 15/12.", 77)
    assert house.buttons(house.tam, "Nội dung đã đưa vào bản xem lại; chưa gửi cho ai.") == []
    house.at("10:02 30/11/2026")
    assert refusal(lambda: _belongs(house, prompt, inquiry)) == "Đã ghi nhận lúc 09:16."
    assert len(stored.parts(house.session, begun)) == 1


def test_a_stray_text_is_kept_whatever_else_is_asked_meanwhile(house: House) -> None:
    inquiry, other = house.delivered(), house.delivered(house.case("9/QĐ-CCTHADS"))
    prompt = _ask_where(house)
    _begin(house, other)
    house.answer(other)
    _belongs(house, prompt, inquiry)
    (begun,) = answers.in_preparation(house.session, house.tam)
    assert stored.answer_text(house.session, begun) == "Kê biên 15/12."


def test_a_stray_text_may_be_no_answer(house: House) -> None:
    house.delivered()
    prompt = _ask_where(house)
    _belongs(house, prompt, None)
    assert answers.in_preparation(house.session, house.tam) == []
    assert prompt.closed_at == house.now


def test_a_choice_that_is_refused_leaves_the_text_for_another(house: House) -> None:
    withdrawn, inquiry = house.delivered(), house.delivered(house.case("9/QĐ-CCTHADS"))
    foreign = house.delivered(house.case("9/QĐ-CCTHADS", "ALUOI"))
    prompt = _ask_where(house)
    house.withdraw(withdrawn)
    assert refusal(lambda: _belongs(house, prompt, withdrawn)) == WITHDRAWN
    assert refusal(lambda: _belongs(house, prompt, foreign)) == NOT_YOURS
    assert refusal(lambda: _belongs(house, prompt, missing(Inquiry))) == GONE
    _belongs(house, prompt, inquiry)
    assert len(answers.in_preparation(house.session, house.tam)) == 1


def test_a_kept_text_is_its_writers(house: House) -> None:
    inquiry = house.delivered()
    prompt = _ask_where(house)
    assert refusal(lambda: _belongs(house, prompt, inquiry, by=house.son)) == NOT_YOURS
    assert refusal(lambda: _belongs(house, missing(Prompt), inquiry)) == GONE
    _begin(house, inquiry)
    awaited = _awaited(house)
    assert awaited is not None
    assert refusal(lambda: _belongs(house, awaited, inquiry)) == GONE


@pytest.mark.parametrize("name", ["tam", "son"])
def test_where_nothing_waits_a_text_has_no_place(house: House, name: str) -> None:
    house.answered()
    rows = len(house.session.exec(select(Outgoing)).all())
    said = "Hiện không có chất vấn nào chờ đồng chí trả lời; nội dung vừa rồi chưa gửi cho ai."
    assert refusal(lambda: _ask_where(house, by=getattr(house, name))) == said
    assert len(house.session.exec(select(Outgoing)).all()) == rows
    assert inquiries.waiting_for(house.session, house.tam) == []


def test_an_answer_to_hoa_toc_goes_before_everything(house: House) -> None:
    inquiry = house.delivered()
    inquiry.urgency = Urgency.FLASH
    answer = house.write(inquiry)
    house.send_all()
    _send(house, answer)
    rows = house.session.exec(select(Outgoing).where(Outgoing.chat_id == house.binh.chat_id)).all()
    assert (rows[-1].lane, rows[-1].payload["sound"]) == (0, "always")
    assert Act.ANSWER in house.acts(inquiry)
