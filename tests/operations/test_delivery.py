"""What became of a message: marked, mapped, shown to the people it concerns, and nothing twice."""

from typing import Any

import pytest
from sqlmodel import select

from bot.operations import cards, delivery, drafts, enrolment, staff, terms
from bot.operations.delivery import Shown
from bot.operations.post import About
from storage import outbox
from storage.inquiries import round_of
from storage.kinds import (
    CardKind,
    DraftState,
    Hindrance,
    Lane,
    OutboxKind,
    OutboxState,
    Role,
    State,
    SubjectKind,
)
from storage.tables import Card, Draft, Inquiry, Outgoing, Reminder, SentMessage
from tests.operations.conftest import QUESTION, House, moment


def _queue(house: House, chat: int, kind: OutboxKind = OutboxKind.MESSAGE, **payload: Any) -> Outgoing:
    return outbox.queue(house.session, chat, kind, payload, now=house.now)


def _mark(house: House, row: Outgoing, message_id: int | None = 77, shown: Shown | None = None) -> None:
    delivery.mark_sent(
        house.session, row.id or 0, message_id, shown=shown, now=house.now, office=house.office
    )


def _row_of(house: House, card: Card) -> Outgoing:
    found = select(Outgoing).where(Outgoing.card_id == card.id, Outgoing.state == OutboxState.QUEUED)
    return house.session.exec(found).one()


def _notice(house: House, inquiry: Inquiry) -> Card:
    (card,) = outbox.cards_of(house.session, CardKind.NOTICE, inquiry.id or 0)
    return card


def _mapped(house: House, chat: int, message_id: int = 77) -> tuple[str, int, int, object] | None:
    sent = outbox.about(house.session, chat, message_id)
    return (sent.kind, sent.subject_id, sent.round, sent.buttons) if sent else None


def _reword(house: House, draft: Draft) -> None:
    """Have the asker type another question: the draft is shown anew at the end of the chat."""
    drafts.take_text(
        house.session, draft.id or 0, "Khi nào xong?", by=house.binh, now=house.now, office=house.office
    )


# --- sent -------------------------------------------------------------------------------------


def test_a_sent_message_is_marked_and_mapped_to_its_subject(house: House) -> None:
    buttons = [[["Xem", "show:i5:2"]]]
    row = _queue(house, 1, about=["i", 5, 2], buttons=buttons)
    row.error = "Bad Gateway"
    _mark(house, row)
    assert (row.state, row.sent_at, row.error) == (OutboxState.SENT, house.now, "")
    assert _mapped(house, 1) == (SubjectKind.INQUIRY, 5, 2, buttons)


@pytest.mark.parametrize(("payload", "message_id"), [({}, 77), ({"about": ["i", 5, 2]}, None)])
def test_a_message_without_subject_or_id_is_marked_alone(
    house: House, payload: dict[str, Any], message_id: int | None
) -> None:
    row = _queue(house, 1, **payload)
    _mark(house, row, message_id)
    assert row.state is OutboxState.SENT
    assert house.session.exec(select(SentMessage)).all() == []


def test_a_row_is_marked_once(house: House) -> None:
    row = _queue(house, 1, about=["i", 5, 2])
    _mark(house, row, 77)
    house.at("10:00 30/11/2026")
    _mark(house, row, 78)
    assert row.sent_at == moment("09:16 30/11/2026")
    assert _mapped(house, 1, 78) is None
    delivery.mark_sent(house.session, 999, 1, now=house.now, office=house.office)


def test_a_notice_that_arrives_starts_the_clock_of_its_own_round_only(house: House) -> None:
    inquiry = house.answered()
    old = _notice(house, inquiry)
    house.ask_on(inquiry)
    shown = Shown(old.wanted, "x", [])
    _mark(house, _row_of(house, old), None, shown)
    assert house.acts(inquiry)[-1] == "ask_further"
    assert old.message_id is not None  # an edit brings no new id
    house.send_all()
    assert house.acts(inquiry)[-1] == "deliver"
    assert inquiry.state is State.DELIVERED


def test_a_notice_that_is_edited_delivers_nothing_again(house: House) -> None:
    inquiry = house.received()
    house.at("10:00 01/12/2026")
    cards.refresh(house.session, inquiry, now=house.now)
    house.send_all()
    assert round_of(house.session, inquiry).delivered_at == moment("09:16 30/11/2026")


def test_a_card_that_changed_on_its_way_is_sent_again_in_its_lane(house: House) -> None:
    card = _notice(house, house.queued())
    row = _row_of(house, card)
    card.wanted += 1
    _mark(house, row, 77, Shown(card.wanted - 1, "x", []))
    again = _row_of(house, card)
    assert (again.id != row.id, again.lane) == (True, Lane.OWN)  # a delivery redraws it, as an own answer
    assert (card.message_id, card.shown) == (77, card.wanted - 2)


def test_a_card_that_already_waits_again_is_not_queued_twice(house: House) -> None:
    inquiry = house.queued()
    card = _notice(house, inquiry)
    row = _row_of(house, card)
    under_way = house.draw(row)
    cards.recall_notice(house.session, inquiry)
    cards.want_notice(house.session, inquiry, card.chat_id, now=house.now)
    house.arrive(row, under_way)
    _row_of(house, card)  # exactly one
    assert inquiry.state is State.DELIVERED


def test_a_card_that_took_the_place_of_another_has_that_deleted(house: House) -> None:
    draft = house.draft()
    house.send_all()
    card = outbox.find_card(house.session, CardKind.DRAFT, draft.id or 0, house.binh.chat_id or 0)
    assert card is not None
    old = card.message_id
    _reword(house, draft)
    _mark(house, _row_of(house, card), 4711, Shown(card.wanted, "x", []))
    assert card.message_id == 4711
    assert card.replaces is None
    (deletion,) = house.session.exec(select(Outgoing).where(Outgoing.kind == OutboxKind.DELETE)).all()
    assert (deletion.chat_id, deletion.payload, deletion.lane) == (card.chat_id, {"message_id": old}, 0)


def test_an_edit_that_was_under_way_when_a_newer_message_was_wanted_leaves_it_wanted(house: House) -> None:
    draft = house.draft()
    house.send_all()
    card = outbox.find_card(house.session, CardKind.DRAFT, draft.id or 0, house.binh.chat_id or 0)
    assert card is not None
    terms.choose_urgency(house.session, draft.id or 0, by=house.binh, now=house.now, office=house.office)
    row, old = _row_of(house, card), card.message_id
    edit = house.draw(row)
    _reword(house, draft)
    assert edit is not None
    _mark(house, row, old, edit[1])
    assert (card.message_id, card.replaces) == (None, old)
    house.send_all()
    assert list(house.phone(house.binh).texts) == [card.message_id]


def test_a_card_without_any_id_is_mapped_to_nothing(house: House) -> None:
    card = _notice(house, house.queued())
    _mark(house, _row_of(house, card), None, Shown(card.wanted, "x", []))
    assert house.session.exec(select(SentMessage)).all() == []


# --- deleted ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("succeeded", "is_known", "said"),
    [
        (True, True, "Hệ thống không lưu, không chuyển tin này và đã xóa khỏi cuộc trò chuyện."),
        (False, True, "Hệ thống không lưu, không chuyển tin này. Đề nghị đồng chí xóa ngay tin vừa gửi."),
        (True, False, "Có mã: gõ mã vào đây. Chưa có mã: liên hệ văn phòng cơ quan."),
        (False, False, "Có mã: gõ mã vào đây. Chưa có mã: liên hệ văn phòng cơ quan."),
    ],
    ids=["deleted", "not deleted", "a stranger's, deleted", "a stranger's, not deleted"],
)
def test_whoever_sent_a_marked_text_reads_why_and_a_stranger_nothing(
    house: House, succeeded: bool, is_known: bool, said: str
) -> None:
    chat = house.tam.chat_id or 0 if is_known else 4242
    row = _queue(house, chat, OutboxKind.DELETE, message_id=5, for_secrecy=True)
    delivery.mark_deleted(house.session, row.id or 0, succeeded=succeeded, now=house.now)
    delivery.mark_deleted(house.session, row.id or 0, succeeded=succeeded, now=house.now)
    (text,) = house.heard(chat)
    assert text.split("\n")[1].startswith(said)
    assert ("độ mật" in text) is is_known


def test_any_other_deletion_is_silent(house: House) -> None:
    row = _queue(house, house.tam.chat_id or 0, OutboxKind.DELETE, message_id=5)
    delivery.mark_deleted(house.session, row.id or 0, succeeded=True, now=house.now)
    delivery.mark_deleted(house.session, 999, succeeded=True, now=house.now)
    assert row.state is OutboxState.SENT
    assert house.heard(house.tam) == []


# --- lost and found ---------------------------------------------------------------------------


def test_a_card_whose_message_is_gone_is_sent_anew(house: House) -> None:
    inquiry = house.delivered()
    cards.refresh(house.session, inquiry, now=house.now)
    card = _notice(house, inquiry)
    row = _row_of(house, card)
    delivery.lose_message(house.session, row.id or 0)
    assert (card.message_id, card.digest) == (None, "")
    house.phone(house.tam).texts.clear()
    assert [text.split("\n")[0] for text in house.heard(house.tam)][-1:] == ["Chất vấn 1/2027 · Thường"]


def test_losing_what_is_no_card_changes_nothing(house: House) -> None:
    delivery.lose_message(house.session, _queue(house, 1).id or 0)
    delivery.lose_message(house.session, 999)


@pytest.mark.parametrize("kind", [CardKind.NOTICE, CardKind.TRACKING])
def test_a_press_brings_the_lost_id_of_a_card_to_light(house: House, kind: CardKind) -> None:
    inquiry = house.queued()
    member = house.tam if kind is CardKind.NOTICE else house.binh
    about = About(SubjectKind.INQUIRY, inquiry.id or 0, 1)
    delivery.adopt(house.session, member.chat_id or 0, 88, about)
    (card,) = outbox.cards_of(house.session, kind, inquiry.id or 0)
    assert card.message_id == 88
    assert _mapped(house, member.chat_id or 0, 88) == (SubjectKind.INQUIRY, inquiry.id, 1, None)


def test_a_drafts_lost_card_is_adopted_too(house: House) -> None:
    draft = house.draft()
    assert draft.state is DraftState.READY
    delivery.adopt(house.session, house.binh.chat_id or 0, 88, About(SubjectKind.DRAFT, draft.id or 0))
    card = outbox.find_card(house.session, CardKind.DRAFT, draft.id or 0, house.binh.chat_id or 0)
    assert card is not None
    assert card.message_id == 88


def test_what_is_known_or_has_its_id_is_not_taken_over(house: House) -> None:
    inquiry = house.delivered()
    card = _notice(house, inquiry)
    known = card.message_id
    about = About(SubjectKind.INQUIRY, inquiry.id or 0, 1)
    delivery.adopt(house.session, card.chat_id, known or 0, About(SubjectKind.DRAFT, 9))
    kept = _mapped(house, card.chat_id, known or 0)
    assert kept is not None
    assert kept[0] is SubjectKind.INQUIRY
    delivery.adopt(house.session, card.chat_id, 88, about)
    assert card.message_id == known
    assert _mapped(house, card.chat_id, 88) == (SubjectKind.INQUIRY, inquiry.id, 1, None)
    delivery.adopt(house.session, 1, 89, About(SubjectKind.PERSON, 3))
    assert _mapped(house, 1, 89) == (SubjectKind.PERSON, 3, 0, None)


# --- refused ----------------------------------------------------------------------------------


def test_a_refused_message_is_kept_and_told_to_the_administrator_without_its_text(house: House) -> None:
    row = _queue(house, house.tam.chat_id or 0, html=QUESTION)
    delivery.mark_refused(house.session, row.id or 0, "Bad Request: <x>", now=house.now)
    assert (row.state, row.error, row.payload["html"]) == (OutboxState.FAILED, "Bad Request: <x>", QUESTION)
    (said,) = house.heard(house.hoa)
    assert said.startswith(f"❗ Telegram từ chối một tin, số thứ tự {row.id}: Bad Request: <x>.")
    assert QUESTION not in said
    delivery.mark_refused(house.session, 999, "", now=house.now)


def test_a_refused_alarm_begets_no_other(house: House) -> None:
    row = _queue(house, house.tam.chat_id or 0)
    delivery.mark_refused(house.session, row.id or 0, "Bad Request", now=house.now)
    alarm = house.session.exec(select(Outgoing).where(Outgoing.chat_id == house.hoa.chat_id)).one()
    rows = house.queued_rows()
    delivery.mark_refused(house.session, alarm.id or 0, "Bad Request", now=house.now)
    assert house.queued_rows() == rows


# --- unreachable ------------------------------------------------------------------------------


def _unreachable(house: House, row: Outgoing, why: Hindrance = Hindrance.BLOCKED) -> None:
    delivery.mark_unreachable(house.session, row.id or 0, why, now=house.now)


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        (Hindrance.BLOCKED, "Đ/c Hồ Minh Tâm đã chặn hệ thống trên Telegram."),
        (Hindrance.DEACTIVATED, "Tài khoản Telegram của đ/c Hồ Minh Tâm không còn."),
    ],
)
def test_a_message_to_a_blocked_account_is_held_and_told_once(
    house: House, why: Hindrance, reason: str
) -> None:
    first, second = _queue(house, house.tam.chat_id or 0), _queue(house, house.tam.chat_id or 0)
    _unreachable(house, first, why)
    _unreachable(house, second, why)
    assert (first.state, first.error, second.state) == (OutboxState.HELD, why, OutboxState.HELD)
    assert house.heard(house.hoa) == [
        f"❗ Không gửi được tin cho đ/c Hồ Minh Tâm (Phú Lộc): {reason} "
        "Tin được giữ và gửi khi liên lạc được."
    ]


def test_a_blocked_leader_is_named_without_a_branch(house: House) -> None:
    _unreachable(house, _queue(house, house.binh.chat_id or 0))
    assert house.heard(house.hoa)[0].startswith("❗ Không gửi được tin cho đ/c Trần Văn Bình: Đ/c")


def test_a_notice_that_cannot_be_delivered_holds_its_inquiry(house: House) -> None:
    inquiry = house.queued()
    _unreachable(house, _row_of(house, _notice(house, inquiry)), Hindrance.DEACTIVATED)
    assert (inquiry.state, inquiry.hindrance) == (State.HELD, Hindrance.DEACTIVATED)
    assert house.heard(house.binh)[-1].split("\n")[1] == "Tài khoản Telegram của đ/c Hồ Minh Tâm không còn."
    assert len(house.heard(house.hoa)) == 1


def test_a_notice_that_was_delivered_is_not_held_when_its_edit_fails(house: House) -> None:
    inquiry = house.delivered()
    cards.refresh(house.session, inquiry, now=house.now)
    _unreachable(house, _row_of(house, _notice(house, inquiry)))
    assert inquiry.state is State.DELIVERED
    assert house.heard(house.binh) != []
    assert "Không gửi được tin" in house.heard(house.hoa)[0]


def test_a_row_that_was_held_goes_out_once_the_account_is_back(house: House) -> None:
    row = _queue(house, house.tam.chat_id or 0, html="<b>Tin</b>")
    _unreachable(house, row)
    enrolment.reach_again(house.session, house.again(house.tam), now=house.now, office=house.office)
    assert row.state is OutboxState.QUEUED
    assert house.heard(house.tam) == ["Tin"]


def test_what_was_for_a_stranger_is_dropped(house: House) -> None:
    row = _queue(house, 4242)
    _unreachable(house, row)
    house.session.flush()
    assert row.state is OutboxState.FAILED
    assert house.heard(house.hoa) == []
    delivery.mark_unreachable(house.session, 999, Hindrance.BLOCKED, now=house.now)


def test_an_administrator_who_is_blocked_is_told_when_back_and_another_at_once(house: House) -> None:
    other = house.member("Quản Trị Hai", Role.ADMIN)
    house.blocked.add(house.hoa.chat_id or 0)
    _unreachable(house, _queue(house, house.hoa.chat_id or 0))
    assert len(house.heard(other)) == 1
    assert house.heard(house.hoa) == []


# --- needless, later, failed ----------------------------------------------------------------------------


@pytest.mark.parametrize("is_sent", [False, True])
def test_what_has_left_is_not_called_needless(house: House, is_sent: bool) -> None:
    reminder = Reminder(person_id=house.tam.id, rule="receipt", subject="i1.1", reminded_at=house.now)
    house.session.add(reminder)
    house.session.flush()
    row = _queue(house, 1, reminders=[reminder.id])
    if is_sent:
        _mark(house, row)
    for row_id in (row.id or 0, 999):
        delivery.mark_needless(house.session, row_id)
    assert row.state is (OutboxState.SENT if is_sent else OutboxState.NEEDLESS)
    assert reminder.is_superseded is not is_sent


def test_a_row_that_is_postponed_stays_queued(house: House) -> None:
    row, until = _queue(house, 1), moment("09:17 30/11/2026")
    for _ in range(2):
        delivery.postpone(house.session, row.id or 0, until, "Flood control")
    assert (row.state, row.attempts, row.not_before, row.error) == (
        OutboxState.QUEUED,
        2,
        until,
        "Flood control",
    )
    delivery.postpone(house.session, 999, until, "")


def test_a_failed_update_is_told_to_its_sender_and_the_administrator(house: House) -> None:
    delivery.tell_failure(house.session, 42, house.tam.chat_id, now=house.now)
    assert house.heard(house.tam) == [
        "Tin vừa gửi chưa xử lý được; đã lưu lại và báo văn phòng. Đồng chí chưa cần gửi lại."
    ]
    (said,) = house.heard(house.hoa)
    assert said.split("\n")[1].startswith("Số thứ tự 42, nhận lúc 09:16 30/11;")


@pytest.mark.parametrize("chat", [4242, None], ids=["a stranger", "no chat"])
def test_a_failed_update_of_a_stranger_is_told_to_the_administrator_alone(
    house: House, chat: int | None
) -> None:
    delivery.tell_failure(house.session, 42, chat, now=house.now)
    assert len(house.heard(house.hoa)) == 1
    assert house.phones.keys() == {house.hoa.chat_id}
    assert house.session.exec(select(Draft)).all() == []


# --- what arrives after things have changed ---------------------------------------------------


def _take_off(house: House) -> None:
    account = house.again(house.tam).account
    assert account is not None
    staff.take_off(
        house.session,
        house.tam.id,
        account_id=account.id or 0,
        by=house.hoa,
        now=house.now,
        office=house.office,
    )


def test_a_notice_that_arrives_at_a_phone_taken_off_starts_no_clock(house: House) -> None:
    inquiry = house.queued()
    card = _notice(house, inquiry)
    row = _row_of(house, card)
    _take_off(house)
    _mark(house, row, shown=Shown(1, "", []))
    assert (inquiry.state, inquiry.hindrance) == (State.HELD, Hindrance.NOT_ENROLLED)
    assert round_of(house.session, inquiry).due_at is None
    queued = select(Outgoing).where(Outgoing.card_id == card.id, Outgoing.state == OutboxState.QUEUED)
    assert house.session.exec(queued).all() == []


def test_a_late_refusal_does_not_revive_what_was_dropped(house: House) -> None:
    inquiry = house.queued()
    row = _row_of(house, _notice(house, inquiry))
    _take_off(house)
    delivery.mark_unreachable(house.session, row.id or 0, Hindrance.BLOCKED, now=house.now)
    delivery.mark_refused(house.session, row.id or 0, "Bad Request", now=house.now)
    assert row.state is OutboxState.FAILED
    assert (inquiry.state, inquiry.hindrance) == (State.HELD, Hindrance.NOT_ENROLLED)


def test_a_notice_that_telegram_does_not_take_is_told_to_its_asker(house: House) -> None:
    inquiry = house.queued()
    row = _row_of(house, _notice(house, inquiry))
    delivery.mark_refused(house.session, row.id or 0, "BUTTON_DATA_INVALID", now=house.now)
    assert (inquiry.state, inquiry.hindrance) == (State.HELD, Hindrance.REFUSED)
    assert any("Telegram không nhận tin" in text for text in house.heard(house.binh))


def test_a_secret_text_is_not_kept_once_it_is_sent(house: House) -> None:
    row = _queue(house, 1, html="<code>AAAA-BBBB-CCCC</code>", is_secret=True)
    _mark(house, row)
    assert row.payload == {"html": "", "is_secret": True}
