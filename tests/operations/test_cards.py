"""Cards: one message a subject, drawn from what is true when it leaves."""

import pytest
from sqlmodel import select

from bot.operations import cards
from bot.operations.post import About
from bot.wording.lengths import strip_tags
from storage import outbox
from storage.kinds import CardKind, Lane, OutboxKind, OutboxState, Role, SubjectKind, Urgency
from storage.tables import Card, Inquiry, Outgoing
from tests.operations.conftest import House


def _card(house: House, kind: CardKind, inquiry: Inquiry, round: int = 0) -> Card:
    cards_of = outbox.cards_of(house.session, kind, inquiry.id or 0)
    return next(card for card in cards_of if card.round == round)


def _waiting(house: House) -> list[tuple[int, int | None, int]]:
    found = select(Outgoing).where(Outgoing.state == OutboxState.QUEUED).order_by("id")
    return [(row.chat_id, row.card_id, row.lane) for row in house.session.exec(found)]


def _first_line(house: House, card: Card) -> str:
    return strip_tags(cards.draw(house.session, card, house.office, house.now).html).split("\n")[0]


def test_every_kind_of_card_is_drawn_from_the_present_state(house: House) -> None:
    draft = house.draft()
    draft_card = outbox.find_card(house.session, CardKind.DRAFT, draft.id or 0, house.binh.chat_id or 0)
    assert draft_card is not None
    assert _first_line(house, draft_card) == "BẢN NHÁP, chưa gửi"
    inquiry = house.further()
    assert _first_line(house, _card(house, CardKind.TRACKING, inquiry)) == (
        "Chất vấn 1/2027, lần 2 · Đã chuyển"
    )
    assert _first_line(house, _card(house, CardKind.NOTICE, inquiry, 1)) == "Chất vấn 1/2027 · Thường"
    assert _first_line(house, _card(house, CardKind.NOTICE, inquiry, 2)) == (
        "Chất vấn 1/2027: hỏi thêm (lần 2)"
    )
    house.accept(house.answered(house.case("9/QĐ-CCTHADS")))


def test_every_kind_has_a_painter() -> None:
    assert set(cards.PAINTERS) == set(CardKind)


def test_a_card_is_about_its_draft_or_its_inquiry(house: House) -> None:
    inquiry = house.delivered()
    draft = Card(kind=CardKind.DRAFT, subject_id=7, chat_id=1)
    assert cards.about(draft) == About(SubjectKind.DRAFT, 7, 0)
    notice = _card(house, CardKind.NOTICE, inquiry, 1)
    assert cards.about(notice) == About(SubjectKind.INQUIRY, inquiry.id or 0, 1)
    tracking = _card(house, CardKind.TRACKING, inquiry)
    assert cards.about(tracking) == About(SubjectKind.INQUIRY, inquiry.id or 0, 0)


@pytest.mark.parametrize(
    ("urgency", "sound"),
    [
        (Urgency.NORMAL, "working_hours"),
        (Urgency.URGENT, "working_hours"),
        (Urgency.VERY_URGENT, "working_hours"),
        (Urgency.FLASH, "always"),
    ],
)
def test_only_a_notice_sounds_and_hoa_toc_at_any_hour(house: House, urgency: Urgency, sound: str) -> None:
    inquiry = house.delivered()
    inquiry.urgency = urgency
    assert cards.sound(house.session, _card(house, CardKind.NOTICE, inquiry, 1)) == sound
    assert cards.sound(house.session, _card(house, CardKind.TRACKING, inquiry)) == "never"
    assert cards.sound(house.session, Card(kind=CardKind.DRAFT, subject_id=1, chat_id=1)) == "never"


def test_a_change_redraws_the_askers_card_and_the_heads_notices(house: House) -> None:
    inquiry = house.further()
    other = house.delivered(house.case("9/QĐ-CCTHADS", "ALUOI"))
    assert other.number == 2
    cards.refresh(house.session, inquiry, now=house.now)
    cards.refresh(house.session, inquiry, now=house.now)  # one row a card, however often
    assert _waiting(house) == [
        (house.binh.chat_id, _card(house, CardKind.TRACKING, inquiry).id, Lane.OWN),
        (house.tam.chat_id, _card(house, CardKind.NOTICE, inquiry, 1).id, Lane.OWN),
        (house.tam.chat_id, _card(house, CardKind.NOTICE, inquiry, 2).id, Lane.OWN),
    ]


@pytest.mark.parametrize("whose", ["a former head's", "a suspended head's", "a head's who moved"])
def test_a_chat_that_is_not_the_heads_any_more_is_not_redrawn(house: House, whose: str) -> None:
    inquiry = house.delivered()
    if whose == "a former head's":
        house.member("Cao Thị Sen", Role.HEAD, branch="PLOC")
    elif whose == "a suspended head's":
        house.suspend(house.tam)
    else:
        assert house.tam.account is not None
        house.tam.account.unbound_at = house.now
        house.session.add(house.tam.account)
        house.session.flush()
        house.bind(house.tam.id)
    cards.refresh(house.session, inquiry, now=house.now)
    assert [chat for chat, *_ in _waiting(house)] == [house.binh.chat_id]


def test_an_asker_without_an_account_has_no_card_to_redraw(house: House) -> None:
    inquiry = house.delivered()
    house.suspend(house.binh)
    cards.refresh(house.session, inquiry, now=house.now)
    assert [chat for chat, *_ in _waiting(house)] == [house.tam.chat_id]


@pytest.mark.parametrize(("urgency", "lane"), [(Urgency.NORMAL, Lane.NOTICE), (Urgency.FLASH, Lane.OWN)])
def test_a_notice_waits_in_the_lane_of_its_urgency(house: House, urgency: Urgency, lane: Lane) -> None:
    inquiry = house.answered()
    inquiry.urgency = urgency
    cards.want_notice(house.session, inquiry, 4242, now=house.now)
    assert [(chat, at) for chat, _card_id, at in _waiting(house)] == [(4242, lane)]


def test_a_notice_is_there_once_it_is_queued_or_sent_and_not_when_it_was_dropped(house: House) -> None:
    inquiry, chat = house.queued(), house.tam.chat_id or 0

    def has_notice() -> bool:
        return cards.has_notice(house.session, inquiry, chat)

    assert has_notice()
    assert not cards.has_notice(house.session, inquiry, house.son.chat_id or 0)
    cards.recall_notice(house.session, inquiry)
    assert not has_notice()
    cards.want_notice(house.session, inquiry, chat, now=house.now)
    house.send_all()
    assert has_notice()
    cards.recall_notice(house.session, inquiry)  # what has arrived is not recalled
    assert has_notice()


def test_recalling_drops_the_present_rounds_unsent_notices_elsewhere(house: House) -> None:
    inquiry = house.queued(text="😀" * 1900)
    other = house.queued(house.case("9/QĐ-CCTHADS"))
    cards.recall_notice(house.session, inquiry, but=house.tam.chat_id)
    assert cards.has_notice(house.session, inquiry, house.tam.chat_id or 0)
    cards.recall_notice(house.session, inquiry, but=house.son.chat_id)
    dropped = select(Outgoing.kind).where(Outgoing.state == OutboxState.FAILED, Outgoing.error == "recalled")
    assert sorted(house.session.exec(dropped).all()) == [OutboxKind.CARD, OutboxKind.MESSAGE]
    assert cards.has_notice(house.session, other, house.tam.chat_id or 0)
    assert [text.split("\n")[0] for text in house.heard(house.tam)] == ["Chất vấn 2/2027 · Thường"]
