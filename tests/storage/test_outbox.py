"""What Telegram is to receive: in order within a chat and lane, one waiting row a card."""

from sqlmodel import Session, select

from storage import outbox
from storage.kinds import CardKind, Lane, OutboxKind, OutboxState, SubjectKind
from storage.tables import Outgoing
from tests.storage.rows import NOW

TAM, BINH = 1001, 1002


def message(session: Session, chat_id: int, text: str, lane: Lane = Lane.NOTICE) -> Outgoing:
    return outbox.queue(session, chat_id, OutboxKind.MESSAGE, {"html": text}, lane=lane, now=NOW)


def mark(session: Session, row: Outgoing, state: OutboxState) -> None:
    row.state = state
    session.add(row)
    session.flush()


def heads(session: Session) -> list[tuple[int, str]]:
    return [(row.chat_id, row.payload["html"]) for row in outbox.heads(session)]


def states(session: Session) -> list[OutboxState]:
    session.expire_all()
    return [row.state for row in sorted(session.exec(select(Outgoing)), key=lambda row: row.id or 0)]


def test_the_next_of_each_chat_is_of_the_lowest_lane_then_the_oldest(session: Session) -> None:
    message(session, TAM, "reminder", Lane.ROUTINE)
    message(session, TAM, "notice one")
    message(session, BINH, "notice")
    flash = message(session, TAM, "flash", Lane.OWN)
    message(session, TAM, "notice two")
    assert heads(session) == [(TAM, "flash"), (BINH, "notice")]
    mark(session, flash, OutboxState.SENT)
    assert heads(session) == [(TAM, "notice one"), (BINH, "notice")]


def test_a_chat_is_emptied_in_order(session: Session) -> None:
    wanted = [("a", Lane.NOTICE), ("b", Lane.ROUTINE), ("c", Lane.OWN), ("d", Lane.NOTICE), ("e", Lane.OWN)]
    for text, lane in wanted:
        message(session, TAM, text, lane)
    order = []
    while waiting := outbox.heads(session):
        order.append(waiting[0].payload["html"])
        mark(session, waiting[0], OutboxState.SENT)
    assert order == ["c", "e", "a", "d", "b"]
    assert outbox.count_queued(session) == 0


def test_what_is_sent_held_or_failed_does_not_wait(session: Session) -> None:
    for state in (OutboxState.SENT, OutboxState.HELD, OutboxState.FAILED):
        mark(session, message(session, TAM, state), state)
    assert heads(session) == []
    assert outbox.count_queued(session) == 0


def test_a_card_waits_in_one_row(session: Session) -> None:
    card = outbox.want_card(session, CardKind.NOTICE, 12, TAM, round=1, now=NOW)
    again = outbox.want_card(session, CardKind.NOTICE, 12, TAM, round=1, now=NOW)
    assert (again.id, again.wanted, again.shown) == (card.id, 2, 0)
    [row] = outbox.heads(session)
    assert (row.kind, row.card_id) == (OutboxKind.CARD, card.id)
    assert outbox.count_queued(session) == 1


def test_a_card_that_becomes_urgent_changes_its_lane_and_never_back(session: Session) -> None:
    for lane in (Lane.NOTICE, Lane.OWN, Lane.ROUTINE):
        outbox.want_card(session, CardKind.TRACKING, 12, TAM, lane=lane, now=NOW)
    [row] = outbox.heads(session)
    assert row.lane == Lane.OWN


def test_a_sent_card_waits_anew(session: Session) -> None:
    outbox.want_card(session, CardKind.TRACKING, 12, TAM, now=NOW)
    mark(session, outbox.heads(session)[0], OutboxState.SENT)
    card = outbox.want_card(session, CardKind.TRACKING, 12, TAM, now=NOW)
    assert card.wanted == 2
    assert states(session) == [OutboxState.SENT, OutboxState.QUEUED]


def test_cards_are_told_apart(session: Session) -> None:
    wanted = [
        (CardKind.NOTICE, 12, TAM, 1),
        (CardKind.NOTICE, 12, TAM, 2),
        (CardKind.NOTICE, 12, BINH, 1),
        (CardKind.NOTICE, 13, TAM, 1),
        (CardKind.TRACKING, 12, TAM, 1),
    ]
    cards = [
        outbox.want_card(session, kind, subject, chat, round=round, now=NOW)
        for kind, subject, chat, round in wanted
    ]
    assert len({card.id for card in cards}) == 5
    found = outbox.find_card(session, CardKind.NOTICE, 12, TAM, round=2)
    assert found is not None
    assert found.id == cards[1].id
    assert outbox.find_card(session, CardKind.NOTICE, 12, TAM) is None
    assert [card.id for card in outbox.cards_of(session, CardKind.NOTICE, 12)] == [c.id for c in cards[:3]]


def test_what_was_held_goes_out_when_the_chat_is_back(session: Session) -> None:
    for chat_id, text in ((TAM, "one"), (BINH, "other"), (TAM, "two")):
        mark(session, message(session, chat_id, text), OutboxState.HELD)
    outbox.release_chat(session, TAM)
    assert heads(session) == [(TAM, "one")]
    assert states(session) == [OutboxState.QUEUED, OutboxState.HELD, OutboxState.QUEUED]


def test_a_held_card_that_waits_anew_goes_out_once(session: Session) -> None:
    for _ in range(2):
        outbox.want_card(session, CardKind.NOTICE, 12, TAM, now=NOW)
        mark(session, outbox.heads(session)[0], OutboxState.HELD)
    outbox.want_card(session, CardKind.TRACKING, 12, TAM, now=NOW)
    mark(session, outbox.heads(session)[0], OutboxState.HELD)
    outbox.want_card(session, CardKind.TRACKING, 12, TAM, now=NOW)
    outbox.release_chat(session, TAM)
    queued, failed, held = OutboxState.QUEUED, OutboxState.FAILED, OutboxState.HELD
    assert states(session) == [queued, failed, failed, queued]
    assert held not in states(session)


def test_a_chat_that_another_phone_replaced_is_forgotten(session: Session) -> None:
    rows = [message(session, chat_id, "x") for chat_id in (TAM, TAM, TAM, BINH)]
    mark(session, rows[0], OutboxState.SENT)
    mark(session, rows[1], OutboxState.HELD)
    outbox.forget_chat(session, TAM, "account unbound")
    sent, failed, queued = OutboxState.SENT, OutboxState.FAILED, OutboxState.QUEUED
    assert states(session) == [sent, failed, failed, queued]
    assert [row.error for row in rows] == ["", "account unbound", "account unbound", ""]
    assert heads(session) == [(BINH, "x")]


def test_what_must_be_deleted_is_deleted_also_in_a_forgotten_chat(session: Session) -> None:
    outbox.queue(session, TAM, OutboxKind.DELETE, {"message_id": 5, "html": "delete"}, now=NOW)
    outbox.forget_chat(session, TAM, "account unbound")
    assert heads(session) == [(TAM, "delete")]


def test_a_recalled_card_takes_along_what_goes_before_it(session: Session) -> None:
    """A notice too long for one message has its full text queued before it."""
    for subject, chat_id in ((12, TAM), (13, TAM), (12, BINH)):
        about = {"html": f"{subject}", "about": [SubjectKind.INQUIRY, subject, 1]}
        outbox.queue(session, chat_id, OutboxKind.MESSAGE, about, now=NOW)
    card = outbox.want_card(session, CardKind.NOTICE, 12, TAM, round=1, now=NOW)
    outbox.recall(session, card, SubjectKind.INQUIRY)
    queued, failed = OutboxState.QUEUED, OutboxState.FAILED
    assert states(session) == [failed, queued, queued, failed]
    assert heads(session) == [(TAM, "13"), (BINH, "12")]
    assert not outbox.is_card_queued(session, card.id)
    assert card.wanted == 2


def test_a_message_is_known_by_chat_and_number(session: Session) -> None:
    buttons = [[["Trả lời", "ans:i12:1"]]]
    outbox.map_message(session, TAM, 5, SubjectKind.INQUIRY, 12, 1, buttons)
    outbox.map_message(session, BINH, 5, SubjectKind.DRAFT, 3)
    session.expire_all()
    found, other = outbox.about(session, TAM, 5), outbox.about(session, BINH, 5)
    assert found is not None
    assert other is not None
    assert (found.kind, found.subject_id, found.round, found.buttons) == (SubjectKind.INQUIRY, 12, 1, buttons)
    assert (other.kind, other.subject_id, other.round, other.buttons) == (SubjectKind.DRAFT, 3, 0, None)
    assert outbox.about(session, TAM, 6) is None


def test_a_message_that_is_mapped_anew_tells_the_newest(session: Session) -> None:
    outbox.map_message(session, TAM, 5, SubjectKind.DRAFT, 3, buttons=[[["Gửi", "send:d3:0"]]])
    outbox.map_message(session, TAM, 5, SubjectKind.INQUIRY, 12, 1)
    found = outbox.about(session, TAM, 5)
    assert found is not None
    assert (found.kind, found.subject_id, found.buttons) == (SubjectKind.INQUIRY, 12, None)
