"""What becomes of a queued message when Telegram refuses, waits, breaks off or is gone."""

import asyncio
from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from bot.demo.phones import Phone
from bot.operations import post
from bot.wording.catalogue import say
from bot.wording.message import Message
from storage import outbox
from storage.kinds import CardKind, Hindrance, Lane, OutboxKind, OutboxState, State
from storage.tables import Card, Inquiry, Outgoing
from tests.office import PlayedOffice, case
from tests.waiting import until


@pytest.fixture
async def people(office: PlayedOffice) -> tuple[Phone, Phone, Phone]:
    """A leader, a head and an administrator, with a case to ask about."""
    await office.cases(case("150"))
    found = await office.leader(), await office.head(), await office.admin()
    await office.settle()
    return found


def plain_message(text: str) -> Message:
    return Message(say("plain", text=text))


def telling(
    office: PlayedOffice, phone: Phone, *texts: str, lane: Lane = Lane.NOTICE, sound: str = "working_hours"
) -> Callable[[Session], None]:
    def tell(session: Session) -> None:
        for text in texts:
            post.tell_chat(session, phone.id, plain_message(text), now=office.clock(), lane=lane, sound=sound)

    return tell


async def tell(office: PlayedOffice, phone: Phone, *texts: str, lane: Lane = Lane.NOTICE) -> None:
    await office.write(telling(office, phone, *texts, lane=lane))


async def rows(office: PlayedOffice, phone: Phone) -> list[Outgoing]:
    found = select(Outgoing).where(Outgoing.chat_id == phone.id).order_by(col(Outgoing.id))
    return await office.read(lambda session: list(session.exec(found).all()))


async def inquiry(office: PlayedOffice) -> Inquiry:
    return await office.read(lambda session: session.exec(select(Inquiry)).one())


def texts(phone: Phone, *among: str) -> list[str]:
    """Return which of these texts the phone shows, in its order."""
    return [message.text for message in phone.inbox if not among or message.text in among]


# --- order and lanes --------------------------------------------------------------------------


async def test_order_holds_within_a_chat_and_lane(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    wanted = [f"tin {number}" for number in range(30)]
    await tell(office, people[1], *wanted)
    await office.settle()
    assert texts(people[1], *wanted) == wanted


async def test_order_holds_while_telegram_fails_now_and_then(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    wanted = [f"tin {number}" for number in range(6)]
    office.standin.faults.fail("sendMessage", 502, times=2)
    office.standin.faults.fail("sendMessage", retry_after=1)
    await tell(office, people[1], *wanted)
    await office.settle(20)
    assert texts(people[1], *wanted) == wanted


async def test_an_own_answer_overtakes_a_queue_of_routine(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    _, head, _ = people
    routine = [f"nhắc {number}" for number in range(20)]

    def queue(session: Session) -> None:
        telling(office, head, *routine, lane=Lane.ROUTINE)(session)
        telling(office, head, "thường", lane=Lane.NOTICE)(session)
        telling(office, head, "hỏa tốc", lane=Lane.OWN)(session)

    await office.write(queue)
    await office.settle()
    assert texts(head, "thường", "hỏa tốc", *routine) == ["hỏa tốc", "thường", *routine]


async def test_a_flash_inquiry_overtakes_routine_to_other_chats(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    _, tam, admin = people
    office.standin.faults.hold()
    await tell(office, admin, *[f"nhắc {number}" for number in range(50)], lane=Lane.ROUTINE)
    await tell(office, tam, "hỏa tốc", lane=Lane.OWN)
    sent_order = office.standin.world.order()
    office.standin.faults.release()
    await office.settle(20)
    after = [message.text for message in office.standin.outgoing if message.sent_order > sent_order]
    assert after.index("hỏa tốc") <= 2  # one may have been on its way already


async def test_one_slow_chat_does_not_hold_the_others(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    _, head, admin = people
    office.standin.faults.slow("sendMessage", 4, chat_id=head.id)
    await tell(office, head, "chậm một", "chậm hai")
    await tell(office, admin, "nhanh một", "nhanh hai")
    await admin.expect("nhanh hai", timeout=3)
    assert texts(head, "chậm một", "chậm hai") == []
    await office.settle()
    assert texts(head, "chậm một", "chậm hai") == ["chậm một", "chậm hai"]


# --- 429, 5xx, broken lines -------------------------------------------------------------------


async def test_a_chat_that_must_wait_gets_nothing_before_the_wait_is_over(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    _, head, admin = people
    loop = asyncio.get_running_loop()
    office.standin.faults.fail("sendMessage", retry_after=2, chat_id=head.id)
    tried: list[float] = []
    began = loop.time()
    await tell(office, head, "một", "hai")
    await tell(office, head, "ba", lane=Lane.OWN)
    await tell(office, admin, "người khác")
    office.standin.on_event(lambda event: tried.append(loop.time()) if event.chat_id == head.id else None)
    await admin.expect("người khác", timeout=1.5)
    await office.settle()
    assert tried
    assert tried[0] - began >= 2
    refused = [call for call in office.standin.calls_to("sendMessage") if call.status == 429]
    assert len(refused) == 1


async def test_a_second_chat_refused_means_that_all_must_wait(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    _, _, _ = people
    loop = asyncio.get_running_loop()
    office.standin.faults.fail("sendMessage", retry_after=2, times=2)
    began = loop.time()
    for phone in people:
        await tell(office, phone, "một")
    arrived: list[float] = []
    office.standin.on_event(lambda event: arrived.append(loop.time()))
    await office.settle()
    assert [phone.inbox[-1].text for phone in people] == ["một"] * 3
    assert min(arrived) - began >= 2
    assert len([call for call in office.standin.calls_to("sendMessage") if call.status == 429]) == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_what_failed_on_telegrams_side_is_tried_again(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone], status: int
) -> None:
    office.standin.faults.fail("sendMessage", status, times=2)
    await tell(office, people[1], "một")
    await office.settle(20)
    assert texts(people[1], "một") == ["một"]


async def test_a_line_cut_before_telegram_acted_costs_nothing(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    office.standin.faults.drop("sendMessage", times=2)
    await tell(office, people[1], "một")
    await office.settle(20)
    assert texts(people[1], "một") == ["một"]


async def test_a_line_cut_after_telegram_acted_costs_one_copy(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    office.standin.faults.drop("sendMessage", after_acting=True)
    await tell(office, people[1], "một")
    await office.settle(20)
    assert texts(people[1], "một") == ["một", "một"]


async def test_an_answer_without_sense_is_tried_again(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    """A proxy that answers in Telegram's place must not end the bot."""
    office.standin.faults.fail("sendMessage", 404, "Not Found")
    office.standin.faults.fail("sendMessage", 409)
    await tell(office, people[1], "một")
    await office.settle(20)
    assert texts(people[1], "một") == ["một"]


async def test_a_row_that_fails_again_and_again_lets_the_others_pass(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    _, head, admin = people
    office.standin.faults.fail("sendMessage", 500, times=1000, chat_id=head.id)
    await tell(office, head, "mắc kẹt")
    for number in range(5):
        await tell(office, admin, f"tin {number}")
        await admin.expect(f"tin {number}", timeout=5)
    office.standin.faults.clear()
    await office.settle(30)
    assert texts(head, "mắc kẹt") == ["mắc kẹt"]


async def test_a_clock_that_was_set_back_holds_nothing(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    office.standin.faults.fail("sendMessage", 500)
    await tell(office, people[1], "một")
    await until(lambda: not office.standin.faults.pending)
    office.clock.move(days=-3)
    await office.settle()
    assert texts(people[1], "một") == ["một"]


async def test_a_clock_that_was_set_back_holds_nothing_after_a_restart_either(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    office.standin.faults.fail("sendMessage", 500, times=100)
    await tell(office, people[1], "một")
    await until(lambda: office.standin.faults.pending < 100)
    await office.stop()
    office.standin.faults.clear()
    office.clock.move(days=-3)
    await office.start()
    await office.settle(30)
    assert "một" in texts(people[1], "một")


# --- refused ----------------------------------------------------------------------------------


async def test_refused_html_goes_as_plain_text(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    _, head, _ = people
    payload = {"html": "<b>đậm &amp; <i>hở</b>", "sound": "always"}
    await office.write(
        lambda session: outbox.queue(
            session, head.id, OutboxKind.MESSAGE, payload, lane=Lane.OWN, now=office.clock()
        )
    )
    await office.settle()
    assert head.inbox[-1].text == "đậm & hở"


async def test_what_telegram_will_never_take_is_kept_and_blocks_nobody(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    _, head, admin = people
    await tell(office, head, "x" * 5000, "sau đó")
    await head.expect("sau đó")
    alarm = await admin.expect("Telegram từ chối")
    await office.settle()
    kept = next(row for row in await rows(office, head) if row.state is OutboxState.FAILED)
    assert "too long" in kept.error
    assert str(kept.id) in alarm.text


async def test_an_alarm_that_is_refused_raises_no_alarm(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    """Else the administrator's refused message would call for the next one, without end."""
    _, _, admin = people
    office.standin.faults.fail("sendMessage", 400, "Bad Request: CHAT_WEIRD", times=50, chat_id=admin.id)
    await tell(office, admin, "một")
    await office.settle()
    office.standin.faults.clear()
    assert len(office.standin.calls_to("sendMessage")) < 30


async def test_a_row_that_cannot_be_drawn_is_kept_and_blocks_nobody(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    _, head, admin = people
    await office.write(
        lambda session: outbox.want_card(
            session, CardKind.TRACKING, 4711, head.id, lane=Lane.OWN, now=office.clock()
        )
    )
    await tell(office, head, "sau đó")
    await head.expect("sau đó")
    await admin.expect("Telegram từ chối")
    await office.settle()


async def test_a_row_of_which_nobody_can_be_told_is_kept_all_the_same(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    """Telling of it fails too: it must not be tried again at once, and so for ever."""
    _, head, _ = people
    await office.write(
        lambda session: outbox.want_card(
            session, CardKind.NOTICE, 4711, head.id, round=1, lane=Lane.OWN, now=office.clock()
        )
    )
    await tell(office, head, "sau đó")
    await head.expect("sau đó")
    await office.settle()
    kept = [row.error for row in await rows(office, head) if row.state is OutboxState.FAILED]
    assert kept == ["LookupError"]


async def test_a_message_whose_mark_fails_is_not_sent_for_ever(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    """Telegram took it, but noting so fails each time: better kept as failed than a flood."""
    _, head, admin = people
    payload = {"html": "một", "about": ["không có loại này", 1, 1]}
    await office.write(
        lambda session: outbox.queue(
            session, head.id, OutboxKind.MESSAGE, payload, lane=Lane.OWN, now=office.clock()
        )
    )
    await admin.expect("Telegram từ chối")
    await office.settle()
    assert texts(head, "một") == ["một"]


async def test_leaving_a_group_that_has_become_another_is_done(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    group = await office.standin.group(-77, "Phòng họp", [people[0]])
    await office.settle()
    group.migrate(-1_000_000_000_777)
    await office.write(
        lambda session: outbox.queue(session, -77, OutboxKind.LEAVE, {}, lane=Lane.OWN, now=office.clock())
    )
    await office.settle()


# --- accounts that cannot be reached ----------------------------------------------------------


@pytest.mark.parametrize("how", ["block", "deactivate"])
async def test_what_an_unreachable_account_was_to_get_is_held(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone], how: str
) -> None:
    binh, tam, admin = people
    getattr(tam, how)()
    await office.ask(binh)
    await binh.expect("Chưa gửi được")
    await admin.expect("Hồ Minh Tâm")
    asked = await inquiry(office)
    assert asked.state is State.HELD
    assert asked.hindrance is (Hindrance.BLOCKED if how == "block" else Hindrance.DEACTIVATED)
    assert {row.state for row in await rows(office, tam)} == {OutboxState.SENT, OutboxState.HELD}


async def test_an_account_that_can_be_reached_again_gets_everything_once(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    binh, tam, _ = people
    tam.block()
    await office.ask(binh)
    await tell(office, tam, "tin một", "tin hai")
    await office.settle()
    tam.unblock()
    notice = await tam.expect("Chất vấn 1/2027")
    await office.settle()
    assert texts(tam, "tin một", "tin hai") == ["tin một", "tin hai"]
    assert len([message for message in tam.inbox if "Chất vấn 1/2027" in message.text]) == 1
    assert (await inquiry(office)).state is State.DELIVERED
    assert await tam.press(notice, "Đã nhận")


async def test_a_long_question_held_for_a_blocked_head_comes_once(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    binh, tam, _ = people
    tam.block()
    await office.ask(binh, "150 phu loc " + "vì sao đến nay chưa kê biên tài sản " * 110)
    tam.unblock()
    await tam.expect("Chất vấn 1/2027")
    await office.settle()
    full = [message for message in tam.inbox if "toàn văn" in message.text]
    assert len(full) == 1


async def test_a_chat_that_telegram_does_not_know_holds_nobody(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    stranger = office.standin.phone(4242)
    await tell(office, stranger, "một")
    await tell(office, people[1], "hai")
    await office.settle()
    assert texts(people[1], "hai") == ["hai"]
    assert [row.state for row in await rows(office, stranger)] == [OutboxState.FAILED]


# --- cards ------------------------------------------------------------------------------------


async def test_an_equal_card_is_not_edited(office: PlayedOffice, people: tuple[Phone, Phone, Phone]) -> None:
    binh, _, _ = people
    await office.ask(binh)
    edits = len(office.standin.calls_to("editMessageText"))
    await refresh(office)
    assert len(office.standin.calls_to("editMessageText")) == edits


async def test_telegram_finding_nothing_modified_is_no_error(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    binh, _, _ = people
    await office.ask(binh)

    def forget_digests(session: Session) -> None:
        for card in session.exec(select(Card)):
            card.digest = ""
            session.add(card)

    await office.write(forget_digests)
    await refresh(office)
    assert {row.state for row in await rows(office, binh)} == {OutboxState.SENT}


async def test_a_card_that_is_gone_is_sent_anew(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    binh, tam, _ = people
    await office.ask(binh)
    card = await binh.expect("Chất vấn 1/2027 · Đã chuyển")
    binh.delete(card)
    await tam.press(await tam.expect("Chất vấn 1/2027"), "Đã nhận")
    anew = await binh.expect("Chất vấn 1/2027 · Đã nhận")
    await office.settle()
    assert anew is not card
    assert len(texts(binh, anew.text)) == 1


async def test_a_message_whose_reply_target_is_gone_is_sent_all_the_same(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    binh, _, _ = people
    await office.ask(binh)
    card = await binh.expect("Chất vấn 1/2027")
    binh.delete(card)

    def under_the_card(session: Session) -> None:
        row = session.exec(select(Card).where(Card.kind == CardKind.TRACKING)).one()
        post.tell_chat(session, binh.id, plain_message("trả lời thẻ"), now=office.clock(), under=row)

    await office.write(under_the_card)
    sent = await binh.expect("trả lời thẻ")
    assert sent.reply_to is None


async def test_a_card_that_changes_while_it_is_on_its_way_ends_up_right(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    binh, tam, _ = people
    await office.ask(binh)
    notice = await tam.expect("Chất vấn 1/2027")
    office.standin.faults.slow("editMessageText", 0.5, after_acting=True, chat_id=binh.id)
    await tam.press(notice, "Đã nhận")
    await binh.expect("Chất vấn 1/2027 · Đã nhận")  # shown, but the bot does not know it yet
    await tam.send("Kê biên trước ngày 15/12/2026.", reply_to=notice)
    await tam.press(await tam.expect("CHƯA GỬI"), "Gửi trả lời")
    await binh.expect("Chất vấn 1/2027 · Đã trả lời")
    await office.settle()


async def test_a_first_card_that_changes_while_it_is_on_its_way_is_edited_after(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    binh, _, _ = people
    office.standin.faults.slow("sendMessage", 0.5, after_acting=True, chat_id=binh.id)
    await binh.send("150 phu loc vi sao chua ke bien")
    draft = await binh.expect("BẢN NHÁP")
    await binh.press(draft, "Gửi chất vấn")
    await office.settle()
    assert draft.text.startswith("Chất vấn 1/2027 · Đã chuyển")
    assert len([message for message in binh.inbox if "Chất vấn 1/2027" in message.text]) == 1


async def test_a_draft_written_anew_while_its_card_is_on_its_way_is_there_once(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    """The edit that was under way must not bring the old message back into the card."""
    binh, _, _ = people
    await binh.send("150 phu loc câu hỏi cũ")
    draft = await binh.expect("câu hỏi cũ")
    office.standin.faults.slow("editMessageText", 0.6, after_acting=True, chat_id=binh.id)
    await binh.press(draft, "Mức khẩn")
    await binh.send("câu hỏi mới", reply_to=draft)
    anew = await binh.expect("câu hỏi mới")
    await office.settle()
    assert draft.deleted
    assert [message for message in binh.inbox if "BẢN NHÁP" in message.text] == [anew]
    failed = [call for call in office.standin.calls if call.status == 400]
    assert failed == []


async def test_a_card_has_one_row_however_often_it_changes(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    binh, _, _ = people
    await office.ask(binh)
    await office.stop()
    await office.start()
    office.standin.faults.hold()
    for _ in range(5):
        await office.write(lambda session: _want_tracking(session, office))
    queued = [row for row in await rows(office, binh) if row.state is OutboxState.QUEUED]
    assert len(queued) == 1
    office.standin.faults.release()
    await office.settle()


def _want_tracking(session: Session, office: PlayedOffice) -> None:
    card = session.exec(select(Card).where(Card.kind == CardKind.TRACKING)).one()
    outbox.want_card(session, card.kind, card.subject_id, card.chat_id, lane=Lane.OWN, now=office.clock())


async def refresh(office: PlayedOffice) -> None:
    await office.write(lambda session: _want_tracking(session, office))
    await office.settle()


# --- sounds -----------------------------------------------------------------------------------


async def test_outside_working_hours_a_notice_makes_no_sound(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    binh, tam, _ = people
    office.clock.set("22:00 30/11/2026")
    await office.ask(binh)
    assert (await tam.expect("Chất vấn 1/2027")).silent


async def test_outside_working_hours_a_flash_notice_sounds(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    binh, tam, _ = people
    office.clock.set("22:00 30/11/2026")
    await binh.send("150 phu loc vi sao chua ke bien")
    draft = await binh.expect("BẢN NHÁP")
    await binh.press(draft, "Mức khẩn")
    await binh.expect("BẢN NHÁP", buttons=["Hỏa tốc"])
    await binh.press(draft, "Hỏa tốc")
    await binh.expect("BẢN NHÁP", buttons=["Gửi hỏa tốc"])
    await binh.press(draft, "Gửi hỏa tốc")
    assert not (await tam.expect("Chất vấn 1/2027")).silent


async def test_in_working_hours_a_notice_sounds(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    binh, tam, _ = people
    await office.ask(binh)
    assert not (await tam.expect("Chất vấn 1/2027")).silent


# --- stopping ---------------------------------------------------------------------------------


async def test_a_drained_stop_notes_what_telegram_took(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    """Stopped between Telegram's deed and its answer: the answer is awaited and noted."""
    _, tam, _ = people
    office.standin.faults.slow("sendMessage", 1, after_acting=True, chat_id=tam.id)
    await tell(office, tam, "một")
    await tam.expect("một")
    await office.restart()
    await office.settle()
    assert texts(tam, "một") == ["một"]


async def test_what_waits_when_the_bot_stops_goes_out_after(
    office: PlayedOffice, people: tuple[Phone, Phone, Phone]
) -> None:
    _, tam, _ = people
    wanted = [f"tin {number}" for number in range(200)]
    await tell(office, tam, *wanted)
    await office.restart()
    await office.settle(20)
    assert texts(tam, *wanted) == wanted
