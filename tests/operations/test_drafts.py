"""Drafts: from a leader's words to the press that sends, with every detour."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from sqlmodel import select

from bot.operations import drafts, terms
from storage import prompts
from storage.kinds import CardKind, DraftState, PromptPurpose, Role, State, Urgency
from storage.outbox import find_card
from storage.people import Member
from storage.tables import Case, Draft, Inquiry, Prompt, SentMessage
from tests.operations.conftest import GONE, NOT_YOURS, QUESTION, House, missing, refusal

DRAFT = "BẢN NHÁP, chưa gửi"
SENT = "Bản nháp này đã gửi: chất vấn 1/2027."
EMPTY = "Chưa có nội dung; đề nghị đồng chí viết nội dung rồi gửi lại."


def _count_cases(house: House) -> int:
    return len(house.session.exec(select(Case)).all())


def _begin(house: House, text: str, *, by: Member | None = None) -> Draft:
    return drafts.begin(house.session, text, by=by or house.binh, now=house.now, office=house.office)


def _pick(house: House, draft: Draft, case: Case, *, by: Member | None = None) -> Draft:
    return drafts.pick(
        house.session, draft.id or 0, case.id or 0, by=by or house.binh, now=house.now, office=house.office
    )


def _anyway(house: House, draft: Draft, *, by: Member | None = None) -> Draft:
    return drafts.ask_anyway(
        house.session, draft.id or 0, by=by or house.binh, now=house.now, office=house.office
    )


def _again(house: House, draft: Draft, *, by: Member | None = None) -> None:
    drafts.seek_again(house.session, draft.id or 0, by=by or house.binh, now=house.now, office=house.office)


def _take(house: House, draft: Draft, text: str = "Câu hỏi khác?", *, by: Member | None = None) -> Draft:
    return drafts.take_text(
        house.session, draft.id or 0, text, by=by or house.binh, now=house.now, office=house.office
    )


def _edit(house: House, draft: Draft, *, by: Member | None = None) -> None:
    drafts.edit(house.session, draft.id or 0, by=by or house.binh, now=house.now, office=house.office)


def _show(house: House, draft: Draft, *, by: Member | None = None) -> None:
    drafts.show_anew(house.session, draft.id or 0, by=by or house.binh, now=house.now)


def _urgency(house: House, draft: Draft, *, by: Member | None = None) -> Draft:
    return terms.choose_urgency(
        house.session, draft.id or 0, by=by or house.binh, now=house.now, office=house.office
    )


def _choose_due(house: House, draft: Draft) -> Draft:
    return terms.choose_due(house.session, draft.id or 0, by=house.binh, now=house.now, office=house.office)


def _keep(house: House, draft: Draft, *, by: Member | None = None) -> Draft:
    return terms.keep_urgency(
        house.session, draft.id or 0, by=by or house.binh, now=house.now, office=house.office
    )


def _flash(house: House, draft: Draft, *, by: Member | None = None) -> Draft:
    return terms.set_urgency(
        house.session,
        draft.id or 0,
        Urgency.FLASH,
        by=by or house.binh,
        now=house.now,
        office=house.office,
    )


def _cancel(house: House, draft: Draft, *, by: Member | None = None) -> None:
    drafts.cancel(house.session, draft.id or 0, by=by or house.binh, now=house.now)


def _send(house: House, draft: Draft, *, by: Member | None = None) -> Inquiry:
    return drafts.send(house.session, draft.id or 0, by=by or house.binh, now=house.now, office=house.office)


def _pick_first(house: House, draft: Draft, *, by: Member | None = None) -> Draft:
    return _pick(house, draft, house.session.exec(select(Case)).all()[0], by=by)


PRESSES: list[Callable[..., object]] = [
    _pick_first,
    _anyway,
    _again,
    _take,
    _edit,
    _show,
    _urgency,
    _keep,
    _flash,
    _cancel,
    _send,
]


def _awaited(house: House) -> Prompt | None:
    return prompts.open_prompt(house.session, house.binh.id, house.now)


# --- beginning --------------------------------------------------------------------------------


def test_a_case_beyond_doubt_makes_a_complete_draft(house: House) -> None:
    case = house.case()
    draft = _begin(house, "150 phu loc  vì <sao>\n- chậm?")
    assert (draft.state, draft.case_id, draft.branch_id) == (DraftState.READY, case.id, case.branch_id)
    assert (draft.sought, draft.text) == ("150 phu loc", "vì <sao>\n- chậm?")
    assert house.shows(house.binh, DRAFT).split("\n")[3:5] == ["vì <sao>", "- chậm?"]
    assert house.buttons(house.binh, DRAFT) == ["Gửi chất vấn", "Mức khẩn", "Sửa", "Hủy"]
    assert _awaited(house) is None
    for other in (house.dat, house.tam, house.huy, house.mai, house.hoa):
        assert house.heard(other) == []


def test_a_number_alone_asks_for_the_question(house: House) -> None:
    house.case()
    draft = _begin(house, "150")
    assert draft.state is DraftState.WRITING
    awaited = _awaited(house)
    assert awaited is not None
    assert (awaited.purpose, awaited.subject_id) == (PromptPurpose.QUESTION, draft.id)
    assert house.heard(house.binh)[-1].split("\n")[0] == "Câu hỏi về vụ việc 150/QĐ-CCTHADS"
    _take(house, draft, QUESTION)
    assert (draft.state, draft.text) == (DraftState.READY, QUESTION)


def test_several_cases_are_a_choice(house: House) -> None:
    house.case()
    other = house.case(branch="ALUOI", debtors="Hồ Văn Lưới")
    draft = _begin(house, "150 vì sao")
    assert (draft.state, draft.case_id, draft.text) == (DraftState.CHOOSING, None, "vì sao")
    assert house.buttons(house.binh, "Chọn vụ việc cho “150”") == [
        "150/QĐ · Phú Lộc · Nguyễn Văn Đức",
        "150/QĐ · A Lưới · Hồ Văn Lưới",
        "Tìm lại",
        "Hủy",
    ]
    _pick(house, draft, other)
    assert (draft.state, draft.case_id, draft.branch_id) == (DraftState.READY, other.id, other.branch_id)
    assert house.shows(house.binh, DRAFT).split("\n")[1] == (
        "Người nhận: đồng chí Lê Văn Sơn, Chi cục trưởng A Lưới"
    )


def test_a_second_pick_changes_nothing(house: House) -> None:
    first, second = house.case(), house.case(branch="ALUOI")
    draft = _begin(house, "150 vì sao")
    _pick(house, draft, first)
    _pick(house, draft, second)
    _pick(house, draft, first)
    assert draft.case_id == first.id


def test_a_case_that_does_not_exist_cannot_be_picked(house: House) -> None:
    house.case()
    house.case(branch="ALUOI")
    draft = _begin(house, "150 vì sao")
    assert refusal(lambda: _pick(house, draft, missing(Case))) == GONE
    assert draft.case_id is None


def test_a_text_in_which_nothing_is_read_is_kept_as_the_question(house: House) -> None:
    draft = _begin(house, "vì sao đến nay vẫn chưa kê biên tài sản")
    assert (draft.sought, draft.text) == (
        "vì sao đến nay vẫn chưa",
        "vì sao đến nay vẫn chưa kê biên tài sản",
    )
    assert draft.state is DraftState.CHOOSING


@pytest.mark.parametrize("text", ["😀" * 2048, "đ" * 4096, "x\n" * 2047 + "y", "<" * 4096])
def test_a_long_question_makes_a_card_that_fits(house: House, text: str) -> None:
    case = house.case(debtors="<b>Đức</b> & " * 30)
    draft = house.draft(case, text)
    assert draft.text == text
    card = house.shows(house.binh, DRAFT)
    assert len(card.encode("utf-16-le")) // 2 <= 4096
    assert "<b>Đức</b> & <b>Đức</b>" in card


@pytest.mark.parametrize("name", ["tam", "son", "huy", "mai", "hoa"])
def test_only_leaders_ask(house: House, name: str) -> None:
    case, other = house.case(), getattr(house, name)
    assert refusal(lambda: _begin(house, "150 vì sao", by=other)) == NOT_YOURS
    assert refusal(lambda: house.draft(case, by=other)) == NOT_YOURS
    assert house.session.exec(select(Draft)).all() == []


def test_a_suspended_leader_asks_nothing(house: House) -> None:
    draft, binh = house.draft(), house.suspend(house.binh)
    assert refusal(lambda: _begin(house, "150 vì sao", by=binh)) == NOT_YOURS
    for press in PRESSES:
        assert refusal(partial(press, house, draft, by=binh)) == NOT_YOURS
    assert draft.state is DraftState.READY


# --- who and when -----------------------------------------------------------------------------


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.__name__)
@pytest.mark.parametrize("name", ["dat", "tam", "huy", "mai", "hoa"])
def test_a_draft_is_its_writers_alone(house: House, name: str, press: Callable[..., object]) -> None:
    draft = house.draft()
    assert refusal(lambda: press(house, draft, by=getattr(house, name))) == NOT_YOURS
    assert (draft.state, draft.text, draft.urgency) == (DraftState.READY, QUESTION, Urgency.NORMAL)
    assert house.session.exec(select(Inquiry)).all() == []


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.__name__)
def test_a_sent_draft_names_its_inquiry(house: House, press: Callable[..., object]) -> None:
    draft = house.draft()
    _send(house, draft)
    assert refusal(lambda: press(house, draft)) == SENT
    assert len(house.session.exec(select(Inquiry)).all()) == 1


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.__name__)
def test_a_cancelled_or_unknown_draft_is_gone(house: House, press: Callable[..., object]) -> None:
    draft = house.draft()
    _cancel(house, draft)
    assert refusal(lambda: press(house, draft)) == GONE
    assert refusal(lambda: press(house, missing(Draft))) == GONE


# --- asking anyway ----------------------------------------------------------------------------


def test_a_case_that_is_not_listed_is_asked_about_as_typed(house: House) -> None:
    near = house.case("210/QĐ-CCTHADS", debtors="Trần T. Hà")
    draft = _begin(house, "201 phu loc vi sao")
    assert house.buttons(house.binh, "Chưa thấy vụ việc “201 phu loc”") == [
        "210/QĐ · Phú Lộc · Trần T. Hà",
        "Vẫn hỏi, Phú Lộc",
        "Tìm lại",
        "Hủy",
    ]
    _anyway(house, draft)
    assert draft.case_id not in (None, near.id)
    case = house.session.get_one(Case, draft.case_id)
    assert (case.decision_number, case.decision_key, case.is_listed) == ("201", "201", False)
    assert case.branch_id == house.branch().id
    assert "Vụ việc chưa có trong danh sách" in house.shows(house.binh, DRAFT)
    _send(house, draft)
    assert "(chưa có trong danh sách; đề nghị đơn vị xác nhận)" in house.heard(house.tam)[-1]


def test_an_unlisted_case_asked_about_twice_stays_one(house: House) -> None:
    first, second = _begin(house, "7/QĐ-CCTHADS phu loc một"), _begin(house, "07/QĐ-CCTHADS phú lộc hai")
    elsewhere = _begin(house, "7/QĐ-CCTHADS a luoi ba")
    for draft in (first, second, elsewhere):
        _anyway(house, draft)
    assert first.case_id == second.case_id != elsewhere.case_id
    third = _begin(house, "7 phu loc bốn")
    assert (third.case_id, third.state) == (first.case_id, DraftState.READY)
    assert _count_cases(house) == 2


def test_a_case_imported_meanwhile_is_taken(house: House) -> None:
    draft = _begin(house, "201 phu loc vi sao")
    imported = house.case("201/QĐ-CCTHADS")
    _anyway(house, draft)
    assert draft.case_id == imported.id
    assert _count_cases(house) == 1


def test_of_several_cases_of_the_number_none_is_taken_for_the_branchs(house: House) -> None:
    draft = _begin(house, "201 phu loc vi sao")
    _take(house, draft, "201")
    elsewhere = house.case("201/QĐ-CCTHADS", "ALUOI")
    _anyway(house, draft)  # the branch that was named counts, though the number is now in another
    assert draft.case_id not in (None, elsewhere.id)
    assert draft.branch_id == house.branch().id
    other = _begin(house, "202 phu loc vi sao")
    for year in (2025, 2026):
        house.case("202/QĐ-CCTHADS", decided=date(year, 10, 12))
    assert refusal(lambda: _anyway(house, other)) == GONE
    assert other.case_id is None


def test_asking_anyway_after_a_case_was_picked_changes_nothing(house: House) -> None:
    near = house.case("210/QĐ-CCTHADS")
    draft = _begin(house, "201 phu loc vi sao")
    _pick(house, draft, near)
    _anyway(house, draft)
    assert draft.case_id == near.id
    assert _count_cases(house) == 1


@pytest.mark.parametrize("text", ["201 vi sao", "phú lộc vì sao", "vì sao"])
def test_without_a_number_and_a_branch_there_is_nothing_to_ask_about(house: House, text: str) -> None:
    draft = _begin(house, text)
    house.send_all()
    (labels,) = house.phone(house.binh).buttons.values()
    assert labels == ["Tìm lại", "Hủy"]
    assert refusal(lambda: _anyway(house, draft)) == GONE
    assert _count_cases(house) == 0


# --- other words, other questions -------------------------------------------------------------


def test_other_words_find_the_case_and_the_question_stays(house: House) -> None:
    case = house.case()
    draft = _begin(house, "vì sao chậm")
    _again(house, draft)
    assert house.heard(house.binh)[-1].split("\n")[0] == "Tìm lại vụ việc"
    awaited = _awaited(house)
    assert awaited is not None
    assert (awaited.purpose, awaited.subject_id) == (PromptPurpose.QUESTION, draft.id)
    _take(house, draft, "150 phú lộc")
    assert (draft.case_id, draft.text, draft.state) == (case.id, "vì sao chậm", DraftState.READY)
    house.shows(house.binh, DRAFT)
    shown = house.phone(house.binh).texts.values()
    assert not [text for text in shown if text.startswith("Chưa thấy")]  # the old card is deleted


def test_other_words_may_bring_another_question(house: House) -> None:
    house.case()
    draft = _begin(house, "vì sao chậm")
    _take(house, draft, "150 phú lộc khi nào xong")
    assert draft.text == "khi nào xong"


def test_words_in_which_nothing_is_read_change_only_what_was_sought(house: House) -> None:
    draft = _begin(house, "999 phú lộc vì sao")
    _take(house, draft, "không rõ")
    assert (draft.sought, draft.text, draft.branch_id) == ("không rõ", "vì sao", house.branch().id)
    _take(house, draft, "a lưới")
    assert (draft.sought, draft.branch_id) == ("a lưới", house.branch("ALUOI").id)
    assert draft.state is DraftState.CHOOSING


def test_a_new_wording_is_shown_at_the_end_of_the_chat(house: House) -> None:
    draft = house.draft()
    house.hush()
    _edit(house, draft)
    _urgency(house, draft)
    assert house.heard(house.binh)[0].split("\n")[0] == "Câu hỏi về vụ việc 150/QĐ-CCTHADS"
    _take(house, draft, "Mới.")
    assert house.heard(house.binh)[0].split("\n")[0] == DRAFT
    assert "Mới." in house.shows(house.binh, DRAFT)  # the old card is deleted
    assert draft.is_choosing_urgency is False


@pytest.mark.parametrize("text", ["", QUESTION])
def test_a_draft_is_shown_again_at_the_end_of_the_chat(house: House, text: str) -> None:
    draft = house.draft(text=text)
    house.hush()
    _show(house, draft)
    house.send_all()
    [shown] = house.heard(house.binh)
    assert shown.startswith("BẢN NHÁP, chưa gửi\n")
    assert sum("BẢN NHÁP" in text for text in house.phone(house.binh).texts.values()) == 1


def test_a_text_taken_otherwise_is_not_awaited_any_more(house: House) -> None:
    """Else the next question, which replies to nothing, would take its place."""
    draft = house.draft()
    for ask in (_edit, _choose_due):
        ask(house, draft)
        assert _awaited(house) is not None
        _take(house, draft, "Câu hỏi khác?")
        assert _awaited(house) is None
    assert not draft.is_choosing_due


def test_a_text_that_comes_before_the_card_was_sent_changes_the_card(house: House) -> None:
    draft = house.draft()
    _take(house, draft, "Mới.")
    assert len(house.heard(house.binh)) == 1
    assert "Mới." in house.shows(house.binh, DRAFT)


def test_editing_a_draft_without_a_case_asks_for_words(house: House) -> None:
    _edit(house, _begin(house, "vì sao"))
    assert house.heard(house.binh)[-1].split("\n")[0] == "Tìm lại vụ việc"


def test_a_writer_without_an_account_has_no_card(house: House) -> None:
    absent = house.member("Vắng Mặt", Role.LEADER, is_enrolled=False)
    rows = house.queued_rows()
    draft = house.draft(house.case(), by=absent)
    _take(house, draft, "Mới.", by=absent)
    assert house.queued_rows() == rows
    inquiry = _send(house, draft, by=absent)
    assert inquiry.asked_by == absent.id


# --- urgency ----------------------------------------------------------------------------------


def test_the_urgency_marks_take_the_place_of_the_buttons(house: House) -> None:
    draft = house.draft()
    _urgency(house, draft)
    marks = ["Thường", "Khẩn", "Thượng khẩn", "Hỏa tốc", "Hạn khác", "Quay lại"]
    assert house.buttons(house.binh, DRAFT) == marks
    _keep(house, draft)
    assert house.buttons(house.binh, DRAFT) == ["Gửi chất vấn", "Mức khẩn", "Sửa", "Hủy"]
    _flash(house, draft)
    assert house.buttons(house.binh, DRAFT) == ["Gửi hỏa tốc", "Mức khẩn", "Sửa", "Hủy"]
    assert "Mức: Hỏa tốc · Hạn: 13:16 thứ Hai, 30/11/2026 (4 giờ)" in house.shows(house.binh, DRAFT)
    assert _send(house, draft).urgency is Urgency.FLASH


# --- sending, cancelling ----------------------------------------------------------------------


def test_one_press_sends_and_the_card_becomes_the_live_card(house: House) -> None:
    draft = house.draft()
    house.hush()
    inquiry = _send(house, draft)
    assert (draft.state, draft.inquiry_id, inquiry.state) == (DraftState.SENT, inquiry.id, State.QUEUED)
    assert house.heard(house.binh) == []  # the same message, edited
    house.shows(house.binh, "Chất vấn 1/2027 · Đã chuyển")
    card = find_card(house.session, CardKind.TRACKING, inquiry.id or 0, house.binh.chat_id or 0)
    assert card is not None
    sent = house.session.get_one(SentMessage, (card.chat_id, card.message_id))
    assert (sent.kind, sent.subject_id, sent.round) == ("i", inquiry.id, 0)


def test_a_draft_sent_before_its_card_left_has_one_card_all_the_same(house: House) -> None:
    _send(house, house.draft())
    assert [text.split("\n")[0] for text in house.heard(house.binh)] == ["Chất vấn 1/2027 · Đang gửi"]


def test_a_card_whose_message_is_not_known_any_more_becomes_the_live_card_too(house: House) -> None:
    draft = house.draft()
    house.send_all()
    for sent in house.session.exec(select(SentMessage)).all():
        house.session.delete(sent)
    house.session.flush()
    _send(house, draft)
    house.shows(house.binh, "Chất vấn 1/2027 · Đã chuyển")


def test_a_draft_without_case_or_question_is_not_sent(house: House) -> None:
    house.case()
    for draft in (_begin(house, "150"), _begin(house, "999 vì sao")):
        assert refusal(partial(_send, house, draft)) == EMPTY
        assert draft.state is not DraftState.SENT
    assert house.session.exec(select(Inquiry)).all() == []


@pytest.mark.parametrize("press", [_send, _cancel], ids=["send", "cancel"])
def test_what_was_asked_for_a_draft_is_not_awaited_once_it_is_over(
    house: House, press: Callable[..., object]
) -> None:
    draft = house.draft()
    _edit(house, draft)
    press(house, draft)
    assert _awaited(house) is None


def test_a_cancelled_draft_says_so_in_its_place(house: House) -> None:
    draft = house.draft()
    house.send_all()
    _cancel(house, draft)
    house.shows(house.binh, "Bản nháp đã hủy, chưa gửi cho ai.")
    assert house.buttons(house.binh, "Bản nháp đã hủy, chưa gửi cho ai.") == []


def test_the_open_drafts_are_those_neither_sent_nor_cancelled(house: House) -> None:
    house.case()
    writing, ready, choosing = _begin(house, "150"), house.draft(), _begin(house, "vì sao")
    _send(house, house.draft())
    _cancel(house, house.draft())
    house.draft(by=house.dat)
    assert drafts.open_drafts(house.session, house.binh) == [writing, ready, choosing]
