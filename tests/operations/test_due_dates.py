"""A day of the asker's own on a draft: set, kept on the round, refused, given up for an urgency's term."""

from datetime import date

import pytest

from bot.operations import drafts, refusals, terms
from bot.operations.due_dates import UnreadableDue, UnusableDue
from bot.operations.enrolment import reach_again
from bot.wording.catalogue import plain
from storage.inquiries import round_of
from storage.kinds import DraftState, PromptPurpose, Urgency
from storage.prompts import open_prompt
from storage.tables import Draft
from tests.operations.conftest import House, moment


def choosing(house: House, text: str = "vi sao cham") -> Draft:
    """A draft of which the asker is choosing the day."""
    draft = house.draft(text=text)
    return terms.choose_due(house.session, draft.id or 0, by=house.binh, now=house.now, office=house.office)


def purpose(house: House) -> PromptPurpose | None:
    prompt = open_prompt(house.session, house.binh.id, house.now)
    return prompt.purpose if prompt else None


def set_due(house: House, draft: Draft, day: date) -> Draft:
    return terms.set_due(house.session, draft.id or 0, day, by=house.binh, now=house.now, office=house.office)


def test_a_day_is_awaited_and_taken(house: House) -> None:
    draft = choosing(house)
    assert purpose(house) is PromptPurpose.DUE
    assert (draft.is_choosing_due, draft.is_choosing_urgency) == (True, False)
    terms.take_due(house.session, draft.id or 0, "15/12", by=house.binh, now=house.now, office=house.office)
    assert (draft.due_on, draft.is_choosing_due, purpose(house)) == (date(2026, 12, 15), False, None)
    shown = house.shows(house.binh, "BẢN NHÁP, chưa gửi")
    assert "Mức: Thường · Hạn: 17:00 thứ Ba, 15/12/2026 (đặt riêng)" in shown


def test_the_day_goes_with_the_inquiry(house: House) -> None:
    draft = choosing(house)
    set_due(house, draft, date(2026, 12, 15))
    inquiry = drafts.send(house.session, draft.id or 0, by=house.binh, now=house.now, office=house.office)
    house.send_all()
    present = round_of(house.session, inquiry)
    assert (present.due_on, present.due_at) == (date(2026, 12, 15), moment("17:00 15/12/2026"))
    assert "Hạn trả lời: 17:00 thứ Ba, 15/12/2026" in house.heard(house.tam)[0]


def test_a_held_notice_leaves_half_a_working_day(house: House) -> None:
    house.blocked.add(_chat(house))
    draft = choosing(house)
    set_due(house, draft, date(2026, 12, 1))
    inquiry = drafts.send(house.session, draft.id or 0, by=house.binh, now=house.now, office=house.office)
    house.send_all()
    house.blocked.clear()
    house.now = moment("08:00 03/12/2026")
    reach_again(house.session, house.again(house.tam), now=house.now, office=house.office)
    house.send_all()
    assert round_of(house.session, inquiry).due_at == moment("13:45 03/12/2026")


def _chat(house: House) -> int:
    assert house.tam.chat_id is not None
    return house.tam.chat_id


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "thứ Bảy",
            "Ngày 05/12/2026 là ngày nghỉ (cuối tuần). Ngày làm việc tiếp theo: thứ Hai 07/12/2026.",
        ),
        (
            "27/11/2026",
            "Ngày 27/11/2026 đã qua. Ngày làm việc gần nhất có thể đặt: thứ Hai 30/11/2026.",
        ),
    ],
)
def test_a_day_on_which_nothing_can_be_due(house: House, typed: str, said: str) -> None:
    draft = choosing(house)
    with pytest.raises(UnusableDue) as refusal:
        terms.take_due(house.session, draft.id or 0, typed, by=house.binh, now=house.now, office=house.office)
    assert plain(refusal.value.key, **refusal.value.values) == said
    assert (draft.due_on, purpose(house)) == (None, PromptPurpose.DUE)


def test_a_text_that_is_no_day(house: House) -> None:
    draft = choosing(house)
    with pytest.raises(UnreadableDue):
        terms.take_due(house.session, draft.id or 0, "gấp", by=house.binh, now=house.now, office=house.office)


def test_an_urgency_gives_the_day_up_and_going_back_keeps_it(house: House) -> None:
    draft = choosing(house)
    set_due(house, draft, date(2026, 12, 15))
    session, number = house.session, draft.id or 0
    terms.choose_due(session, number, by=house.binh, now=house.now, office=house.office)
    terms.keep_urgency(session, number, by=house.binh, now=house.now, office=house.office)
    assert (draft.due_on, purpose(house)) == (date(2026, 12, 15), None)
    terms.choose_urgency(session, number, by=house.binh, now=house.now, office=house.office)
    assert draft.is_choosing_urgency
    urgent = Urgency.URGENT
    terms.set_urgency(session, number, urgent, by=house.binh, now=house.now, office=house.office)
    assert (draft.due_on, draft.urgency, draft.is_choosing_urgency) == (None, Urgency.URGENT, False)


@pytest.mark.parametrize("typed", [True, False])
def test_a_day_ends_hoa_toc_and_the_card_says_so_before(house: House, typed: bool) -> None:
    """Four hours at any hour, and a day of one's own, contradict each other."""
    draft = house.draft()
    session, number = house.session, draft.id or 0
    terms.set_urgency(session, number, Urgency.FLASH, by=house.binh, now=house.now, office=house.office)
    house.send_all()
    said = "Đặt hạn khác thì không còn hỏa tốc: mức trở về Thường."
    assert said not in house.shows(house.binh, "BẢN NHÁP, chưa gửi")
    terms.choose_due(session, number, by=house.binh, now=house.now, office=house.office)
    house.send_all()
    assert said in house.shows(house.binh, "BẢN NHÁP, chưa gửi")
    if typed:
        terms.take_due(session, number, "15/12", by=house.binh, now=house.now, office=house.office)
    else:
        set_due(house, draft, date(2026, 12, 15))
    assert (draft.urgency, draft.due_on) == (Urgency.NORMAL, date(2026, 12, 15))
    house.send_all()
    shown = house.shows(house.binh, "BẢN NHÁP, chưa gửi")
    assert "Mức: Thường · Hạn: 17:00 thứ Ba, 15/12/2026 (đặt riêng)" in shown
    assert "ỏa tốc" not in shown


def test_another_mark_keeps_beside_a_day(house: House) -> None:
    draft = house.draft()
    session, number = house.session, draft.id or 0
    terms.set_urgency(session, number, Urgency.URGENT, by=house.binh, now=house.now, office=house.office)
    set_due(house, draft, date(2026, 12, 15))
    assert (draft.urgency, draft.due_on) == (Urgency.URGENT, date(2026, 12, 15))


def test_a_question_is_awaited_again_once_the_day_is_set(house: House) -> None:
    draft = choosing(house, text="")
    assert draft.state is DraftState.WRITING
    set_due(house, draft, date(2026, 12, 15))
    assert purpose(house) is PromptPurpose.QUESTION


def test_a_day_gone_by_is_not_sent(house: House) -> None:
    draft = choosing(house)
    set_due(house, draft, date(2026, 12, 1))
    with pytest.raises(UnusableDue):
        drafts.send(
            house.session, draft.id or 0, by=house.binh, now=moment("08:00 02/12/2026"), office=house.office
        )
    assert draft.state is DraftState.READY


def test_only_the_owner_sets_a_day_and_only_on_a_settled_case(house: House) -> None:
    draft = choosing(house)
    with pytest.raises(refusals.NotYours):
        terms.set_due(
            house.session, draft.id or 0, date(2026, 12, 15), by=house.dat, now=house.now, office=house.office
        )
    house.case("151/QĐ-CCTHADS")
    house.case("151/QĐ-CCTHADS", "ALUOI")
    open_choice = drafts.begin(house.session, "151 vi sao", by=house.binh, now=house.now, office=house.office)
    with pytest.raises(refusals.Gone):
        terms.choose_due(
            house.session, open_choice.id or 0, by=house.binh, now=house.now, office=house.office
        )


def test_a_cancelled_draft_awaits_nothing(house: House) -> None:
    draft = choosing(house)
    drafts.cancel(house.session, draft.id or 0, by=house.binh, now=house.now)
    assert purpose(house) is None
