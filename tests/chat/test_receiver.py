"""Updates are stored first and acknowledged after, whatever Telegram sends and however it fails."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot.chat.receiver import LARGEST, chat_of, identity
from bot.demo.faults import Call
from storage.database import Database
from storage.kinds import InboxState
from storage.tables import InboxUpdate
from tests.office import PlayedOffice
from tests.waiting import until

NUMBER = st.integers() | st.floats() | st.booleans() | st.none() | st.text(max_size=3)
KEYS = st.sampled_from(["chat", "id", "message", "from", "message_id", "date", "edit_date", "x"])
JUNK = st.recursive(
    NUMBER, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=4)
)
UPDATES = st.dictionaries(
    st.sampled_from(["update_id", "message", "edited_message", "callback_query", "my_chat_member"]), JUNK
)


# --- what tells updates apart -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("update", "wanted"),
    [
        (
            {"update_id": 1, "message": {"message_id": 7, "date": 5, "chat": {"id": 1001}, "text": "mật"}},
            "message:1001:7:5",
        ),
        (
            {
                "update_id": 1,
                "edited_message": {"message_id": 7, "date": 5, "edit_date": 9, "chat": {"id": 1}},
            },
            "edited_message:1:7:5:9",
        ),
        (
            {"update_id": 1, "callback_query": {"id": "4001", "data": "x", "from": {"id": 2}}},
            "callback_query:4001",
        ),
        (
            {"update_id": 1, "my_chat_member": {"chat": {"id": 3}, "from": {"id": 3}, "date": 8}},
            "my_chat_member:3:8",
        ),
        ({"update_id": 1}, ""),
        ({"update_id": 1, "message": "x"}, ""),
    ],
)
def test_the_identity_is_made_of_ids_and_dates(update: dict[str, Any], wanted: str) -> None:
    assert identity(update) == wanted


@pytest.mark.parametrize(
    ("update", "wanted"),
    [
        ({"message": {"chat": {"id": 1001}, "from": {"id": 2}}}, 1001),
        ({"callback_query": {"message": {"chat": {"id": -5}}, "from": {"id": 2}}}, -5),
        ({"callback_query": {"from": {"id": 2}}}, 2),
        ({"message": {"chat": {"id": "1001"}, "from": {"id": 2}}}, 2),
        ({"message": {"chat": {"id": True}}}, None),
        ({"message": {"chat": {"id": LARGEST + 1}}}, None),
        ({"message": {"chat": [1001]}}, None),
        ({"message": ["chat"], "edited_message": {"chat": {"id": 4}}}, 4),
        ({}, None),
    ],
)
def test_the_chat_in_which_an_update_keeps_its_turn(update: dict[str, Any], wanted: int | None) -> None:
    assert chat_of({"update_id": 1, **update}) == wanted


@given(UPDATES)
def test_no_update_is_too_strange(update: dict[str, Any]) -> None:
    found = chat_of(update)
    assert found is None or abs(found) < LARGEST
    said = identity(update)
    assert len(said) <= 200
    said.encode()  # what cannot be written cannot be stored
    assert "\0" not in said


# --- storing and acknowledging ----------------------------------------------------------------


async def stored(office: PlayedOffice) -> list[InboxUpdate]:
    found = select(InboxUpdate).order_by(col(InboxUpdate.seq))
    return await office.read(lambda session: list(session.exec(found).all()))


async def states(office: PlayedOffice) -> list[InboxState]:
    return [row.state for row in await stored(office)]


async def test_the_first_question_has_no_offset(office: PlayedOffice) -> None:
    """Ids begin anew at random after a quiet week: an old offset would confirm what nobody has seen."""
    assert "offset" not in office.standin.calls_to("getUpdates")[0].params
    await office.phone().send("xin chào")
    await office.settle()
    await office.restart()
    first = [call for call in office.standin.calls_to("getUpdates") if call.params.get("timeout") in (0, "0")]
    assert len(first) == 2
    assert all("offset" not in call.params for call in first)


async def test_nothing_is_acknowledged_before_it_is_stored(office: PlayedOffice) -> None:
    beside = Database(office.settings.database.url)
    asked: list[int] = []

    def look(call: Call) -> None:
        if "offset" in call.params:
            known = beside.read_now(lambda session: session.exec(select(InboxUpdate.update_id)).all())
            asked.append(int(call.params["offset"]))
            assert max(known) + 1 == asked[-1]

    office.standin.faults.hook("getUpdates", look, times=1000)
    for number in range(20):
        await office.phone().send(f"tin {number}")
        if number % 5 == 0:
            await office.settle()
    await office.settle()
    office.standin.faults.clear()
    beside.close()
    assert asked
    assert len(await stored(office)) == 20


async def test_update_ids_may_begin_anew_lower(office: PlayedOffice) -> None:
    phone = office.phone()
    await phone.send("trước")
    await office.settle()
    await office.standin.drained()
    office.standin.restart_ids(lower=True)
    await phone.send("sau")
    await office.settle()
    first, second = await stored(office)
    assert second.update_id < first.update_id
    assert second.state is InboxState.DONE
    assert len(phone.inbox) == 2


async def test_an_old_id_with_other_content_is_another_update(office: PlayedOffice) -> None:
    phone = office.phone()
    await phone.send("một")
    await office.settle()
    [known] = await stored(office)
    assert known.raw
    office.standin.push(known.raw | {"message": known.raw["message"] | {"message_id": 99, "text": "hai"}})
    await until(lambda: len(phone.inbox) == 2)
    assert len(await stored(office)) == 2


async def test_the_same_update_twice_is_worked_off_once(office: PlayedOffice) -> None:
    phone = office.phone()
    await phone.send("một")
    await office.settle()
    [known] = await stored(office)
    assert known.raw
    office.standin.push(known.raw)
    await office.settle()
    await phone.expect_silence()
    assert len(await stored(office)) == 1
    assert len(phone.inbox) == 1


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"message": {}},
        {"message": {"message_id": 1}},
        {"message": {"message_id": 1, "date": "hôm nay", "chat": {"id": 5001, "type": "private"}}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 2**70, "type": "private"}, "text": "x"}},
        {"message": {"message_id": 2**70, "date": 1, "chat": {"id": 5001, "type": "private"}, "text": "x"}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 5001, "type": "private"}, "text": ["x"]}},
        {
            "message": {
                "message_id": 1,
                "date": 1,
                "chat": {"id": 5001, "type": "private"},
                "text": "\0\ud800",
            }
        },
        {"callback_query": {"id": "\0\ud800", "from": {"id": 1001, "is_bot": False, "first_name": "x"}}},
        {"callback_query": {"id": 5, "from": {}, "data": "x"}},
        {"my_chat_member": {"chat": {"id": 5001, "type": "private"}}},
        {
            "message": {
                "chat": {"id": 5001, "type": "loại mới"},
                "message_id": 1,
                "date": 1,
                "dice": {"value": 1},
            }
        },
    ],
)
async def test_an_update_that_nobody_understands_holds_nobody(
    office: PlayedOffice, strange: dict[str, Any]
) -> None:
    """It is kept, acknowledged, and what came after is worked off."""
    office.standin.push(strange)
    phone = office.phone()
    await phone.send("sau đó")
    await office.settle()
    assert len(phone.inbox) == 1
    kept, after = await states(office)
    assert kept in (InboxState.DONE, InboxState.FAILED)
    assert after is InboxState.DONE


async def test_updates_without_a_usable_id_are_not_asked_for_without_a_pause(office: PlayedOffice) -> None:
    asked = len(office.standin.calls_to("getUpdates"))
    office.standin.world.updates.waiting.append({"update_id": "mười", "message": {}})
    office.standin.world.updates._wake()
    await until(lambda: len(office.standin.calls_to("getUpdates")) >= asked + 3)
    assert len(office.standin.calls_to("getUpdates")) < asked + 6
    office.standin.world.updates.drop_pending()


# --- Telegram fails ---------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 404, 409])
async def test_it_asks_again_after_a_refusal(office: PlayedOffice, status: int) -> None:
    """409: another process polls with the same token; 404: a proxy in between."""
    office.standin.faults.fail("getUpdates", status, times=2)
    phone = office.phone()
    await phone.send("một")  # the question that is open brings it; the next two are refused
    await until(lambda: office.standin.faults.pending == 0)
    await phone.send("hai")
    await until(lambda: len(phone.inbox) == 2)


async def test_it_waits_as_long_as_it_is_told(office: PlayedOffice) -> None:
    office.standin.faults.fail("getUpdates", retry_after=1)
    phone = office.phone()
    await phone.send("một")  # ends the poll that is under way; the next one is refused
    await phone.send("hai")
    await until(lambda: len(phone.inbox) == 2)


@pytest.mark.parametrize("after_acting", [False, True])
async def test_a_broken_line_loses_nothing(office: PlayedOffice, after_acting: bool) -> None:
    office.standin.faults.drop("getUpdates", after_acting=after_acting, times=2)
    phone = office.phone()
    for number in range(3):
        await phone.send(f"tin {number}")
    await until(lambda: len(phone.inbox) == 3)
    assert await states(office) == [InboxState.DONE] * 3


async def test_an_outage_loses_nothing(office: PlayedOffice) -> None:
    await office.standin.stop()
    phone = office.phone()
    await phone.send("một")
    await office.standin.start()
    await phone.expect(timeout=10)


async def test_of_a_marked_update_only_ids_are_kept(office: PlayedOffice) -> None:
    phone = office.phone()
    sent = await phone.send("Văn bản TỐI MẬT về vụ 150")
    await until(lambda: sent.deleted)
    await office.settle()
    [kept] = await stored(office)
    assert kept.raw is None
    assert kept.state is InboxState.REFUSED

    def everything(session: Session) -> str:
        return "".join(str(row) for row in session.exec(select(InboxUpdate)))

    assert "vụ 150" not in await office.read(everything)
