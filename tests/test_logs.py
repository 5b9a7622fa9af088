"""Every case logs in a process of its own way, and none lets the token through."""

import asyncio
import json
import logging
import reprlib
import sys
import threading
import warnings
from collections.abc import Callable, Iterator

import pytest
import structlog

from bot import logs

TOKEN = "123456789:AAE-x_secretsecretsecret"
HALF = "AAE-x_secretsecretsecret"
PASSWORD = 'mật "khẩu/'


@pytest.fixture(autouse=True)
def _undo() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook, threading.excepthook, sys.unraisablehook
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    logging.captureWarnings(False)
    root.handlers[:], root.level, sys.excepthook, threading.excepthook, sys.unraisablehook = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


def fail(text: str) -> None:
    raise ValueError(text)


def in_a_message(secret: str) -> None:
    logging.getLogger("other").error(f"POST https://api.telegram.org/bot{secret}/getMe")


def in_arguments(secret: str) -> None:
    logging.getLogger("other").error("POST %s", f"https://api.telegram.org/bot{secret}/getMe")


def in_arguments_that_do_not_fit(secret: str) -> None:
    logging.getLogger("other").error("%d polls", secret)


def in_a_message_that_does_not_fit(secret: str) -> None:
    logging.getLogger("other").error(f"{secret} %d", "x")


def in_extra(secret: str) -> None:
    logging.getLogger("other").error("polled", extra={"url": f"/bot{secret}/getMe"})


def in_an_exception(secret: str) -> None:
    try:
        fail(secret)
    except ValueError:
        logging.getLogger("other").exception("failed")


def in_the_cause_of_an_exception(secret: str) -> None:
    try:
        try:
            fail(secret)
        except ValueError as cause:
            raise RuntimeError("hidden") from cause
    except RuntimeError:
        structlog.get_logger("bot").exception("failed")


def in_an_event(secret: str) -> None:
    structlog.get_logger("bot").error(f"polled {secret}")


def in_a_value(secret: str) -> None:
    structlog.get_logger("bot").error("polled", url=f"/bot{secret}/getMe", deep={"list": [secret, 1]})


def in_bytes(secret: str) -> None:
    structlog.get_logger("bot").error("polled", body=secret.encode())


def in_a_logger_name(secret: str) -> None:
    structlog.get_logger(secret).error("polled")


def in_a_warning(secret: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning(UserWarning(secret), UserWarning, "file.py", 1)


def in_what_ends_the_program(secret: str) -> None:
    error = ValueError(secret)
    sys.excepthook(ValueError, error, None)


def in_what_ends_a_thread(secret: str) -> None:
    thread = threading.Thread(target=fail, args=[secret])
    thread.start()
    thread.join()


def in_what_a_finalizer_raised(secret: str) -> None:
    class Finalized:
        def __del__(self) -> None:
            fail(secret)

    Finalized()


def in_a_task_nobody_awaits(secret: str) -> None:
    async def poll() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(fail, secret)
        await asyncio.sleep(0.01)

    asyncio.run(poll())


WAYS = [
    in_a_message,
    in_arguments,
    in_arguments_that_do_not_fit,
    in_a_message_that_does_not_fit,
    in_extra,
    in_an_exception,
    in_the_cause_of_an_exception,
    in_an_event,
    in_a_value,
    in_bytes,
    in_a_logger_name,
    in_a_warning,
    in_what_ends_the_program,
    in_what_ends_a_thread,
    in_what_a_finalizer_raised,
    in_a_task_nobody_awaits,
]


@pytest.mark.parametrize("layout", ["text", "json"])
@pytest.mark.parametrize("secret", [TOKEN, HALF], ids=["token", "half"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_token_is_blotted_out(
    way: Callable[[str], None], secret: str, layout: str, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure("debug", layout, [TOKEN])
    way(secret)
    printed, logged = capfd.readouterr()
    # Which way the secret came is visible in the line; that it came must be, too.
    unread = way in (in_arguments_that_do_not_fit,)
    assert ("unreadable log record" if unread else logs.BLOT) in logged
    assert HALF not in printed + logged
    assert "123456789:" not in printed + logged


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        HALF,
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"{TOKEN}/getUpdates?offset=123456&timeout=30",
    ],
)
def test_pieces_are_blotted_out_where_the_middle_was_cut_off(
    text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """asyncio shows the arguments of a failed callback as reprlib does, in 30 letters."""
    logs.configure("info", "text", [TOKEN])
    logging.getLogger("asyncio").error("Exception in callback fail(%s)", reprlib.repr(text))
    logged = capfd.readouterr().err
    assert "..." in logged or text == HALF
    assert not [piece for piece in pieces(TOKEN, 6) if piece in logged]


def pieces(text: str, length: int) -> list[str]:
    found = [text[start : start + length] for start in range(len(text) - length + 1)]
    assert found
    return found


def test_dots_alone_blot_out_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "text", [TOKEN, "x:y"])
    logging.getLogger("other").error("waiting...")
    assert "waiting..." in capfd.readouterr().err


def test_without_secrets_nothing_is_blotted_out(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "text", [])
    in_a_message("waiting...")
    assert logs.BLOT not in capfd.readouterr().err


@pytest.mark.parametrize("layout", ["text", "json"])
@pytest.mark.parametrize("form", [PASSWORD, "m%E1%BA%ADt%20%22kh%E1%BA%A9u%2F"], ids=["plain", "in a URL"])
def test_other_secrets_are_blotted_out_in_every_form(
    form: str, layout: str, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure("info", layout, [TOKEN, PASSWORD, ""])
    logging.getLogger("other").error(f"postgresql://u:{form}@h/db")
    logged = capfd.readouterr().err
    assert "postgresql://u:***@h/db" in logged


def test_text_is_one_line_with_an_iso_time(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "text", [TOKEN])
    structlog.get_logger("bot").info("started", chats=3)
    logging.getLogger("other").warning("slow %s", "poll")
    first, second = capfd.readouterr().err.splitlines()
    assert first.startswith("20")
    assert first[10] == "T"
    assert [first.split()[1:], second.split()[1:]] == [
        ["[info", "]", "started", "[bot]", "chats=3"],
        ["[warning", "]", "slow", "poll", "[other]"],
    ]


def test_json_is_one_object_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json", [TOKEN])
    structlog.get_logger("bot").info("đã chạy", chats=3)
    in_an_exception("lỗi")
    first, second = map(json.loads, capfd.readouterr().err.splitlines())
    assert first.pop("timestamp").endswith("Z")
    assert first == {"event": "đã chạy", "level": "info", "logger": "bot", "chats": 3}
    assert second["exception"].endswith("ValueError: lỗi")


def test_nothing_goes_to_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "text", [TOKEN])
    structlog.get_logger("bot").info("started")
    assert capfd.readouterr().out == ""


def test_configuring_again_replaces(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "text", [TOKEN])
    logs.configure("error", "json", [TOKEN])
    structlog.get_logger("bot").warning("unseen")
    structlog.get_logger("bot").error("seen")
    assert [json.loads(line)["event"] for line in capfd.readouterr().err.splitlines()] == ["seen"]


@pytest.mark.parametrize("name", [*logs.QUIET, "telegram.ext.Application", "uvicorn.access"])
def test_talkative_libraries_are_heard_only_when_something_is_wrong(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure("debug", "text", [TOKEN])
    logging.getLogger(name).info("HTTP Request")
    logging.getLogger(name).warning("trouble")
    assert [line.split()[3] for line in capfd.readouterr().err.splitlines()] == ["trouble"]


def test_an_interrupt_is_no_error(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "text", [TOKEN])
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert capfd.readouterr().err == ""


def test_a_thread_may_end_itself(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "text", [TOKEN])
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    assert capfd.readouterr().err == ""


def test_a_stderr_that_is_gone_stops_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    """The handler of the standard library would print the record's arguments to whatever stderr is now."""
    logs.configure("info", "text", [TOKEN])
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    with open(2, "w", closefd=False) as gone:
        handler.setStream(gone)
    in_arguments(TOKEN)
    assert capfd.readouterr().err == ""
