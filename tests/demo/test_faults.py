import asyncio

import httpx
import pytest

from bot.demo.faults import Call
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.demo.conftest import Bot


async def say(bot: Bot, text: str = "x") -> httpx.Response:
    return await bot.answer("sendMessage", chat_id=1001, text=text)


async def test_a_refusal_before_acting(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    telegram.faults.fail("sendMessage", 500, times=2)
    codes = [(await say(bot)).status_code for _ in range(3)]
    assert codes == [500, 500, 200]
    assert len(phone.inbox) == 1
    assert telegram.faults.pending == 0


async def test_a_refusal_after_acting(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    telegram.faults.fail("sendMessage", 502, before=False)
    response = await say(bot)
    assert response.json() == {"ok": False, "error_code": 502, "description": "Bad Gateway"}
    assert len(phone.inbox) == 1


async def test_retry_after(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    telegram.faults.fail("sendMessage", retry_after=7)
    assert (await say(bot)).json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }


async def test_a_refusal_for_one_chat(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    await telegram.phone(1002, "Tâm").send("/start")
    telegram.faults.fail("sendMessage", 403, "Forbidden: bot was blocked by the user", chat_id=1002)
    assert (await say(bot)).status_code == 200
    assert (await bot.refused("sendMessage", chat_id=1002, text="x"))[0] == 403


async def test_every_method_can_fail(bot: Bot, telegram: StandIn) -> None:
    telegram.faults.fail(status=503, times=2)
    assert (await bot.refused("getUpdates"))[0] == 503
    assert (await bot.refused("getMe"))[0] == 503
    await bot.call("getMe")


@pytest.mark.parametrize("after_acting", [False, True])
async def test_a_cut_line(bot: Bot, phone: Phone, telegram: StandIn, after_acting: bool) -> None:
    telegram.faults.drop("sendMessage", after_acting=after_acting)
    with pytest.raises(httpx.RemoteProtocolError):
        await say(bot)
    assert len(phone.inbox) == after_acting
    assert telegram.calls[-1].status == 0
    assert (await say(bot)).status_code == 200


async def test_a_slow_call(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    telegram.faults.slow("sendMessage", 0.1)
    saying = asyncio.create_task(say(bot))
    await asyncio.sleep(0.05)
    assert phone.inbox == []
    assert (await saying).status_code == 200


async def test_a_slow_answer(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    telegram.faults.slow("sendMessage", 5, after_acting=True)
    with pytest.raises(httpx.ReadTimeout):
        await bot.client.post(
            "/bot123456:TEST/sendMessage", json={"chat_id": 1001, "text": "x"}, timeout=0.05
        )
    assert len(phone.inbox) == 1


async def test_an_outage_that_holds_every_call(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    with telegram.faults.holding():
        saying = asyncio.create_task(say(bot))
        await asyncio.sleep(0.05)
        assert phone.inbox == []
    assert (await saying).status_code == 200


async def test_a_hook_runs_between_the_act_and_the_answer(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    seen: list[int] = []

    def look(call: Call) -> None:
        seen.append(len(phone.inbox))
        assert call.params["text"] == "x"

    telegram.faults.hook("sendMessage", look)
    await say(bot)
    await say(bot)
    assert seen == [1]


async def test_a_hook_may_be_a_coroutine(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    async def stop(call: Call) -> None:
        telegram.faults.drop("sendMessage", after_acting=True)

    telegram.faults.hook("sendMessage", stop)
    assert (await say(bot)).status_code == 200
    with pytest.raises(httpx.RemoteProtocolError):
        await say(bot)


async def test_a_hook_may_stop_the_server_that_runs_it(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    async def outage(call: Call) -> None:
        await telegram.stop()

    telegram.faults.hook("sendMessage", outage)
    with pytest.raises(httpx.RemoteProtocolError):
        await say(bot)
    await telegram.start()
    assert (await say(bot)).status_code == 200
    assert len(phone.inbox) == 2


async def test_orders_can_be_forgotten(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    telegram.faults.fail("sendMessage")
    telegram.faults.hold()
    telegram.faults.clear()
    assert (await say(bot)).status_code == 200
