import json

import pytest

from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.demo.conftest import TOKEN, Bot

MARKUP = {"inline_keyboard": [[{"text": "Đã nhận", "callback_data": "r:1"}]]}


async def test_all_four_forms_of_a_call_mean_the_same(bot: Bot, phone: Phone) -> None:
    plain = {"chat_id": "1001", "text": "<b>x</b>", "parse_mode": "HTML", "disable_notification": "true"}
    form = plain | {"reply_markup": json.dumps(MARKUP)}
    url = f"/bot{TOKEN}/sendMessage"
    await bot.client.post(
        url, json=plain | {"chat_id": 1001, "disable_notification": True, "reply_markup": MARKUP}
    )
    await bot.client.post(url, data=form)
    await bot.client.post(url, data=form, files={"unused": b"x"})
    await bot.client.get(url, params=form)
    shown = [(m.html, m.silent, m.buttons) for m in phone.inbox]
    assert shown == [("<b>x</b>", True, [["Đã nhận"]])] * 4


@pytest.mark.parametrize("name", ["getMe", "getme", "GETME"])
async def test_method_names_ignore_case(bot: Bot, name: str) -> None:
    assert (await bot.call(name))["username"] == "chatvan_bot"


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        (f"/bot{TOKEN}/sendLove", 404, "Not Found"),
        (f"/bot{TOKEN}", 404, "Not Found"),
        ("/", 404, "Not Found"),
        ("/bot123456:OTHER/getMe", 401, "Unauthorized"),
    ],
)
async def test_strange_addresses(bot: Bot, path: str, status: int, description: str) -> None:
    response = await bot.client.post(path)
    assert response.status_code == status
    assert response.json() == {"ok": False, "error_code": status, "description": description}


async def test_a_body_that_is_no_json(bot: Bot) -> None:
    headers = {"content-type": "application/json"}
    response = await bot.client.post(f"/bot{TOKEN}/getMe", content=b"{", headers=headers)
    assert response.json()["description"] == "Bad Request: can't parse request JSON object"


async def test_calls_are_recorded(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    await bot.client.post(
        f"/bot{TOKEN}/sendmessage", data={"chat_id": "1001", "text": "x", "reply_markup": "{}"}
    )
    await bot.refused("sendMessage", chat_id=5, text="x")
    first, second = telegram.calls_to("sendMessage")
    assert (first.method, first.status, first.chat_id, first.result["text"]) == (
        "sendMessage",
        200,
        1001,
        "x",
    )
    assert first.params == {"chat_id": "1001", "text": "x", "reply_markup": {}}
    assert (second.status, second.at) == (400, telegram.world.now())


async def test_the_rest_of_the_methods(bot: Bot, phone: Phone) -> None:
    assert await bot.call("logOut")
    assert await bot.call("close")
    assert (await bot.call("getChat", chat_id=1001))["first_name"] == "Bình"
    assert (await bot.refused("leaveChat", chat_id=1001))[0] == 400
    assert (await bot.refused("setWebhook", url="http://e.vn"))[0] == 400
