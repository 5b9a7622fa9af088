from typing import Any

import pytest

from bot.demo.keyboards import checked_inline, checked_markup
from bot.demo.refusals import Refusal


def key(text: Any = "Đã nhận", **action: Any) -> dict[str, Any]:
    return {"text": text, **(action or {"callback_data": "r:1"})}


def rows(*buttons: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        (rows(key(callback_data="x" * 65)), "BUTTON_DATA_INVALID"),
        (rows(key(callback_data="đ" * 33)), "BUTTON_DATA_INVALID"),
        (rows(key(callback_data="")), "BUTTON_DATA_INVALID"),
        (rows(key(" ")), "BUTTON_TEXT_INVALID"),
        (rows(*[key()] * 101), "reply markup is too long"),
        (
            rows({"text": "x"}),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            rows({"callback_data": "x"}),
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            rows(key(5)),
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        (rows("x"), "can't parse inline keyboard button: expected an Object"),
        (
            rows(key(url="http://localhost/x")),
            "inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
        ),
        (
            rows(key(url="ftp://e.vn")),
            "inline keyboard button URL 'ftp://e.vn' is invalid: Unsupported URL protocol",
        ),
        (rows(key(copy_text={"text": "x" * 257})), "BUTTON_COPY_TEXT_INVALID"),
        ("x", "object expected as reply markup"),
        (
            {"inline_keyboard": key()},
            'field "inline_keyboard" of the ReplyMarkup must be an Array of Arrays',
        ),
    ],
)
def test_a_bad_keyboard_is_refused(markup: Any, complaint: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_markup(markup)
    assert refused.value.description == f"Bad Request: {complaint}"


@pytest.mark.parametrize(
    "markup",
    [
        rows(key(callback_data="x" * 64)),
        rows(*[key()] * 100),
        rows(key(url="https://t.me/chatvan_bot?start=x")),
        rows(key(copy_text={"text": "mẫu"})),
        {"force_reply": True},
        {"remove_keyboard": True},
        {"keyboard": [["a", {"text": "b"}]]},
    ],
)
def test_a_good_keyboard_is_kept_as_it_is(markup: Any) -> None:
    assert checked_markup(markup) == markup


@pytest.mark.parametrize("markup", [None, "", {"inline_keyboard": []}, {"inline_keyboard": [[]]}])
def test_an_empty_keyboard_is_none(markup: Any) -> None:
    assert checked_markup(markup) is None


def test_an_edit_takes_inline_buttons_only() -> None:
    with pytest.raises(Refusal, match="inline keyboard expected"):
        checked_inline({"force_reply": True})
