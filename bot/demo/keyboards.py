"""What Telegram accepts under a message: inline buttons, reply keyboards, a forced reply."""

from typing import Any
from urllib.parse import urlsplit

from bot.demo.refusals import JSON, bad_request

MAX_BUTTONS = 100
MAX_DATA_BYTES = 64
MAX_COPIED = 256
ACTIONS = (
    "callback_data",
    "url",
    "copy_text",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
)
OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")


def checked_markup(markup: Any) -> JSON | None:
    """The markup as Telegram keeps it (None if it is empty), or a Refusal."""
    if markup in (None, ""):
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    if "keyboard" in markup:
        _check_count(_rows(markup["keyboard"], "keyboard"))
    return markup if any(markup.get(key) for key in OTHER_MARKUPS) else None


def checked_inline(markup: Any) -> JSON | None:
    """The markup of an edit: only inline buttons can be put under a message afterwards."""
    kept = checked_markup(markup)
    if kept and "inline_keyboard" not in kept:
        raise bad_request("inline keyboard expected")
    return kept


def _inline(rows: Any) -> JSON | None:
    kept = [row for row in _rows(rows, "inline_keyboard") if row]
    _check_count(kept)
    for row in kept:
        for button in row:
            _check_button(button)
    return {"inline_keyboard": kept} if kept else None


def _rows(rows: Any, field: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad_request(f'field "{field}" of the ReplyMarkup must be an Array of Arrays')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{field}" of the ReplyMarkup must be an Array of Arrays')
    return rows


def _check_count(rows: list[list[Any]]) -> None:
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")


def _check_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise _unparsed("expected an Object")
    if not isinstance(button.get("text"), str):
        raise _unparsed(
            'Field "text" must be of type String' if "text" in button else 'Can\'t find field "text"'
        )
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    if not any(action in button for action in ACTIONS):
        raise _unparsed("Text buttons are unallowed in the inline keyboard")
    _check_action(button)


def _check_action(button: JSON) -> None:
    if "callback_data" in button:
        _check_data(button["callback_data"])
    if "url" in button:
        _check_url(str(button["url"]))
    if "copy_text" in button and not 1 <= len(button["copy_text"].get("text", "")) <= MAX_COPIED:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_data(data: Any) -> None:
    if not isinstance(data, str):
        raise _unparsed('Field "callback_data" must be of type String')
    if not 1 <= len(data.encode()) <= MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(url: str) -> None:
    if url.startswith("tg://"):
        return
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in {"http", "https"}:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if "." not in (parts.hostname or ""):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _unparsed(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
