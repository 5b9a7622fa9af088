"""Notes, reopening, lapsing and withdrawing, on the rows themselves."""

import pytest
from sqlmodel import select

from bot.operations import access, cards, delivery, inquiries, refusals, verdicts
from bot.operations.delivery import Shown
from storage import inquiries as stored
from storage import outbox
from storage.dossiers import gather
from storage.inquiries import round_of
from storage.kinds import Act, CardKind, OutboxState, State
from storage.people import Member
from storage.prompts import open_prompt
from storage.tables import Outgoing, Remark
from tests.operations.conftest import House, moment


def remark(house: House, inquiry_id: int, text: str = "Theo dõi thêm.") -> int:
    inquiry = stored.get(house.session, inquiry_id)
    verdicts.remark(
        house.session, inquiry, text, round=inquiry.round, by=house.binh, now=house.now, office=house.office
    )
    kept = house.session.get(Remark, 1)
    assert kept is not None
    assert kept.id is not None
    return kept.id


def test_a_note_changes_nothing_but_the_record(house: House) -> None:
    inquiry = house.answered()
    assert inquiry.id is not None
    kept = remark(house, inquiry.id)
    house.hush()
    assert verdicts.note(house.session, kept, by=house.binh, now=house.now) is inquiry
    assert inquiry.state is State.ANSWERED
    assert house.acts(inquiry)[-1] == Act.NOTE
    assert [house.heard(one) for one in (house.tam, house.dat, house.hoa)] == [[], [], []]
    with pytest.raises(refusals.Already):
        verdicts.note(house.session, kept, by=house.binh, now=house.now)
    with pytest.raises(refusals.Already):
        verdicts.use_remark(
            house.session, kept, Act.ASK_FURTHER, by=house.binh, now=house.now, office=house.office
        )


def test_a_note_needs_its_writer_its_round_and_a_remark(house: House) -> None:
    inquiry = house.answered()
    assert inquiry.id is not None
    kept = remark(house, inquiry.id)
    with pytest.raises(refusals.NotYours):
        verdicts.note(house.session, kept, by=house.dat, now=house.now)
    with pytest.raises(refusals.Gone):
        verdicts.note(house.session, 99, by=house.binh, now=house.now)
    verdicts.ask_on(
        house.session,
        inquiry,
        Act.ASK_FURTHER,
        "Tài sản ở đâu?",
        round=1,
        by=house.binh,
        now=house.now,
        office=house.office,
    )
    with pytest.raises(refusals.RoundOver):
        verdicts.note(house.session, kept, by=house.binh, now=house.now)


def test_who_reads_notes(house: House) -> None:
    dossier = gather(house.session, house.answered())
    readers = [one for one in (house.binh, house.dat, house.mai) if access.reads_notes(one, dossier)]
    assert readers == [house.binh, house.dat, house.mai]
    others = (house.tam, house.son, house.huy, house.hoa, house.suspend(house.mai))
    assert not any(access.reads_notes(one, dossier) for one in others)


def test_reopening_takes_the_end_back(house: House) -> None:
    inquiry = house.answered()
    verdicts.accept(house.session, inquiry, round=1, by=house.binh, now=house.now)
    house.hush()
    house.now = moment("08:05 07/12/2026")
    verdicts.reopen(house.session, inquiry, round=1, by=house.binh, now=house.now, office=house.office)
    present = round_of(house.session, inquiry)
    assert (inquiry.state, inquiry.closed_at, inquiry.closing_note) == (State.ANSWERED, None, "")
    assert (present.judged_at, present.reopened_at) == (None, house.now)
    assert house.heard(house.tam)[0].startswith("Chất vấn 1/2027 được mở lại")
    assert house.heard(house.binh)[0].startswith("Trả lời chất vấn 1/2027")
    verdicts.accept(house.session, inquiry, round=1, by=house.binh, now=house.now)
    assert house.acts(inquiry)[-3:] == [Act.ACCEPT, Act.REOPEN, Act.ACCEPT]


def test_reopening_needs_an_end_and_the_asker(house: House) -> None:
    inquiry = house.answered()

    def reopen(by: Member = house.binh, round: int = 1) -> None:
        verdicts.reopen(house.session, inquiry, round=round, by=by, now=house.now, office=house.office)

    with pytest.raises(refusals.NotEnded):
        reopen()
    verdicts.accept(house.session, inquiry, round=1, by=house.binh, now=house.now)
    for other in (house.dat, house.tam, house.mai):
        with pytest.raises(refusals.NotYours):
            reopen(other)
    with pytest.raises(refusals.RoundOver):
        reopen(round=2)
    with pytest.raises(refusals.Already):
        verdicts.accept(house.session, inquiry, round=1, by=house.binh, now=house.now)
    with pytest.raises(refusals.Ended):
        verdicts.begin(
            house.session,
            inquiry,
            Act.ASK_FURTHER,
            round=1,
            by=house.binh,
            now=house.now,
            office=house.office,
        )


def test_reopening_without_a_head_is_told_to_nobody(house: House) -> None:
    inquiry = house.answered()
    verdicts.accept(house.session, inquiry, round=1, by=house.binh, now=house.now)
    house.hush()
    house.suspend(house.tam)
    verdicts.reopen(house.session, inquiry, round=1, by=house.binh, now=house.now, office=house.office)
    assert house.heard(house.tam) == []
    assert house.heard(house.binh)[0].startswith("Trả lời chất vấn 1/2027")


@pytest.mark.parametrize(
    ("now", "count"), [("16:59 28/12/2026", 0), ("17:00 28/12/2026", 1), ("08:00 01/03/2027", 1)]
)
def test_a_verdict_is_awaited_for_twenty_working_days(house: House, now: str, count: int) -> None:
    inquiry = house.answered()
    house.hush()
    assert verdicts.lapse_due(house.session, now=moment(now), office=house.office) == count
    assert verdicts.lapse_due(house.session, now=moment(now), office=house.office) == 0
    assert inquiry.state is (State.LAPSED if count else State.ANSWERED)
    lines = ["Chất vấn 1/2027 kết thúc\nĐã trả lời 30/11; người hỏi không có ý kiến thêm."]
    assert house.heard(house.tam) == lines * count
    assert house.heard(house.binh) == []
    if count:
        with pytest.raises(refusals.Ended):
            verdicts.accept(house.session, inquiry, round=1, by=house.binh, now=house.now)


def test_a_lapse_ends_what_was_asked_for_the_verdict(house: House) -> None:
    inquiry = house.answered()
    verdicts.begin(
        house.session, inquiry, Act.ASK_FURTHER, round=1, by=house.binh, now=house.now, office=house.office
    )
    verdicts.lapse_due(house.session, now=moment("08:00 29/12/2026"), office=house.office)
    assert open_prompt(house.session, house.binh.id, house.now) is None


def test_a_notice_that_was_not_sent_is_dropped_by_a_withdrawal(house: House) -> None:
    inquiry = house.queued(text="vi sao cham " * 400)
    inquiries.withdraw(house.session, inquiry, "hỏi nhầm", by=house.binh, now=house.now)
    assert house.heard(house.tam) == []
    assert inquiry.state is State.WITHDRAWN
    assert house.shows(house.binh, "Chất vấn 1/2027 · Đã rút").endswith("Rút 09:16 30/11: hỏi nhầm")


def test_a_notice_on_its_way_at_the_withdrawal_tells_of_it_when_it_has_arrived(house: House) -> None:
    inquiry = house.queued()
    assert inquiry.id is not None
    (card,) = outbox.cards_of(house.session, CardKind.NOTICE, inquiry.id)
    row = house.session.exec(select(Outgoing).where(Outgoing.card_id == card.id)).one()
    message = cards.draw(house.session, card, house.office, house.now)
    under_way = Shown(card.wanted, "digest", message.pairs)
    inquiries.withdraw(house.session, inquiry, "hỏi nhầm", by=house.binh, now=house.now)
    assert row.state is OutboxState.FAILED
    assert row.id is not None
    delivery.mark_sent(house.session, row.id, 77, shown=under_way, now=house.now, office=house.office)
    house.send_all()
    assert inquiry.state is State.WITHDRAWN
    assert "✓ Rút 09:16 30/11: hỏi nhầm" in house.phone(house.tam).texts[77]
    assert house.phone(house.tam).buttons[77] == []


# --- what is said of an act that comes too early or too late ---


def test_an_act_out_of_turn_is_told_why(house: House) -> None:
    inquiry = house.received()
    with pytest.raises(refusals.TooEarly):
        verdicts.accept(house.session, inquiry, round=1, by=house.binh, now=house.now)
    with pytest.raises(refusals.Already):
        inquiries.receive(house.session, inquiry, round=1, by=house.tam, now=house.now, office=house.office)
    house.answer(inquiry)
    with pytest.raises(refusals.AnsweredBefore):
        inquiries.withdraw(house.session, inquiry, "hỏi nhầm", by=house.binh, now=house.now)


@pytest.mark.parametrize("asker", ["binh", "dat"])
def test_the_second_insufficient_answer_is_told_to_the_chief(house: House, asker: str) -> None:
    """The chief hears of it once, and not of the own inquiries."""
    by = getattr(house, asker)
    inquiry = house.delivered(by=by)
    for round in (1, 2):
        house.answer(inquiry)
        house.hush()
        verdicts.ask_on(
            house.session,
            inquiry,
            Act.FIND_INSUFFICIENT,
            f"Chưa nêu lý do, lần {round}.",
            round=round,
            by=by,
            now=house.now,
            office=house.office,
        )
        told = [text for text in house.heard(house.dat) if "hai lần chưa đạt yêu cầu" in text]
        assert len(told) == (round == 2 and asker == "binh")


def test_the_record_holds_the_withdrawal_and_its_reason(house: House) -> None:
    inquiry = house.received()
    inquiries.withdraw(house.session, inquiry, "hỏi nhầm", by=house.binh, now=house.now)
    assert (inquiry.state, inquiry.closing_note, inquiry.closed_at) == (
        State.WITHDRAWN,
        "hỏi nhầm",
        house.now,
    )
    with pytest.raises(refusals.Withdrawn):
        inquiries.withdraw(house.session, inquiry, "lần nữa", by=house.binh, now=house.now)
    with pytest.raises(refusals.NotYours):
        inquiries.withdraw(house.session, inquiry, "hộ", by=house.dat, now=house.now)
