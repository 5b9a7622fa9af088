"""The two pages for machines, over HTTP: against made-up reports, and against the running bot."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import Session
from structlog.testing import capture_logs

from bot import watch, web
from bot.app import App
from bot.operations import post
from bot.rules.health import Beats, Queue, Report, Rows, Stage, Sweep, Trouble, judge
from bot.settings import load
from bot.wording.catalogue import say
from bot.wording.message import Message
from storage.kinds import Lane
from tests.office import PlayedOffice, case, played_office
from tests.postgres import Cluster
from tests.waiting import until

BEATS = Beats((Sweep("reminders", 20, 12.4), Sweep("calendar", 3600, 99.6)), silence=3.2)
ROWS = Rows(
    inbox=Queue(2, 7.6),
    failed=1,
    outbox={Lane.OWN: Queue(3, 1.2), Lane.NOTICE: Queue(), Lane.ROUTINE: Queue(40, 30)},
    held=4,
    refused=9,
    refused_lately=2,
    history=311,
    backup=7200.4,
)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as door:
            door.bind(("::1", 0))
    except OSError:
        return False
    return True


async def asked(report: Report, path: str) -> httpx.Response:
    async def ask() -> Report:
        return report

    transport = httpx.ASGITransport(web.application(ask))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser:
        return await browser.get(path)


def samples(text: str) -> dict[str, float]:
    """Return what Prometheus reads: `name{label}` and its value."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(sample.labels.values())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


# --- what is answered -------------------------------------------------------------------------


async def test_health_in_full() -> None:
    response = await asked(judge(Stage.SERVING, BEATS, ROWS), "/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "green",
        "reasons": [],
        "version": web.version(),
        "process": {
            "telegram_last_ok_seconds": 3,
            "sweep_lag_seconds": {"reminders": 12, "calendar": 100},
        },
        "database": {
            "inbox": {"depth": 2, "oldest_seconds": 8},
            "failed": 1,
            "outbox": {
                "own": {"depth": 3, "oldest_seconds": 1},
                "notice": {"depth": 0, "oldest_seconds": 0},
                "routine": {"depth": 40, "oldest_seconds": 30},
            },
            "held": 4,
            "refused_within_a_day": 2,
            "history_rows": 311,
            "backup_age_seconds": 7200,
        },
    }


async def test_what_is_red_is_503_with_reasons() -> None:
    response = await asked(judge(Stage.SERVING, Beats(silence=400), ROWS), "/healthz")
    assert response.status_code == 503
    assert response.json()["status"] == "red"
    assert response.json()["reasons"] == [
        {
            "trouble": "telegram",
            "seconds": 400,
            "what": "Telegram không phản hồi",
            "remedy": "Tin được giữ và gửi lại; Telegram giữ tin gửi đến trong 24 giờ."
            " Đề nghị xem mạng của máy chủ, proxy và base_url.",
        }
    ]


@pytest.mark.parametrize("stage", [Stage.STANDING_BY, Stage.STARTING])
async def test_a_process_that_does_not_serve_is_503_and_says_so(stage: Stage) -> None:
    response = await asked(judge(stage, Beats(), None), "/healthz")
    assert response.status_code == 503
    assert (response.json()["status"], response.json()["database"]) == (stage.value, None)


async def test_metrics_in_full() -> None:
    response = await asked(judge(Stage.SERVING, BEATS, ROWS), "/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    found = samples(response.text)
    own = {name: value for name, value in found.items() if name.startswith("chatvan_")}
    assert own == {
        f"chatvan_info{{{web.version()}}}": 1,
        "chatvan_healthy": 1,
        **{f"chatvan_trouble{{{trouble}}}": 0 for trouble in Trouble},
        "chatvan_telegram_last_ok_seconds": 3.2,
        "chatvan_sweep_lag_seconds{reminders}": 12.4,
        "chatvan_sweep_lag_seconds{calendar}": 99.6,
        "chatvan_inbox_depth": 2,
        "chatvan_inbox_oldest_seconds": 7.6,
        "chatvan_inbox_failed": 1,
        "chatvan_outbox_depth{own}": 3,
        "chatvan_outbox_depth{notice}": 0,
        "chatvan_outbox_depth{routine}": 40,
        "chatvan_outbox_oldest_seconds{own}": 1.2,
        "chatvan_outbox_oldest_seconds{notice}": 0,
        "chatvan_outbox_oldest_seconds{routine}": 30,
        "chatvan_outbox_held": 4,
        "chatvan_refused_total": 9,
        "chatvan_history_rows": 311,
        "chatvan_backup_age_seconds": 7200.4,
    }
    assert found["process_resident_memory_bytes"] > 0


async def test_metrics_of_what_is_red_and_of_what_is_not_known() -> None:
    found = samples((await asked(judge(Stage.SERVING, BEATS, None), "/metrics")).text)
    assert (found["chatvan_healthy"], found["chatvan_trouble{database}"]) == (0, 1)
    assert "chatvan_inbox_depth" not in found, "what is not known is not told as nothing"
    unknown = judge(Stage.SERVING, BEATS, Rows(backup=None))
    assert "chatvan_backup_age_seconds" not in samples((await asked(unknown, "/metrics")).text)


@pytest.mark.parametrize("path", ["/", "/healthz/", "/metrics/x", "/docs"])
async def test_there_are_no_other_pages(path: str) -> None:
    assert (await asked(judge(Stage.SERVING, BEATS, ROWS), path)).status_code in (307, 404)


# --- the running bot --------------------------------------------------------------------------


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def office(migrated_url: str, tmp_path: Path, port: int) -> AsyncIterator[PlayedOffice]:
    async with played_office(migrated_url, tmp_path, f"[web]\nport = {port}") as running:
        await until(lambda: answers(port))
        yield running


async def answers(port: int) -> bool:
    with contextlib.suppress(httpx.TransportError):
        await get(port, "/healthz")
        return True
    return False


async def get(port: int, path: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=20) as browser:
        return await browser.get(f"http://127.0.0.1:{port}{path}")


async def health(port: int) -> dict[str, Any]:
    answer: dict[str, Any] = (await get(port, "/healthz")).json()
    return answer


async def test_a_bot_that_works_is_green(office: PlayedOffice, port: int) -> None:
    await office.cases(case("150"))
    binh, tam = await office.leader(), await office.head()
    await office.ask(binh, "150 phu loc vi sao chua ke bien")
    await tam.expect("Chất vấn 1/")
    response = await get(port, "/healthz")
    assert response.status_code == 200
    said = response.json()
    assert (said["status"], said["reasons"]) == ("green", [])
    assert said["database"]["history_rows"] > 3
    assert (await get(port, "/metrics")).text.count("chatvan_sweep_lag_seconds{") >= 5


async def test_no_contents_no_names_no_token(office: PlayedOffice, port: int) -> None:
    await office.cases(case("150", debtor="Nguyễn Văn Đức"))
    binh, tam = await office.leader("Trần Văn Bình"), await office.head("Hồ Minh Tâm")
    tam.block()
    await office.ask(binh, "150 phu loc vi sao chua ke bien")
    await binh.expect("Chưa gửi được")
    office.standin.faults.fail("sendMessage", 400, "Bad Request: CHAT_RESTRICTED", times=1)
    await binh.send("/dangxuly")
    await office.settle()
    shown = json.dumps(await health(port), ensure_ascii=False) + (await get(port, "/metrics")).text
    token = office.standin.token
    for word in (token, token.partition(":")[2], "Tâm", "Bình", "Đức", "ke bien", "RESTRICTED", "Phú Lộc"):
        assert word not in shown
    assert (await health(port))["database"]["refused_within_a_day"] == 1
    assert (await health(port))["database"]["held"] >= 1
    assert (await health(port))["status"] == "green", "people's doings are no trouble of the service"


async def test_what_cannot_go_out_turns_red_and_green_again(office: PlayedOffice, port: int) -> None:
    binh = await office.leader()
    await office.settle()
    with office.standin.faults.holding():
        await office.write(lambda session: _flash(session, binh.id, office.clock()))
        office.clock.move(seconds=61)
        said = await health(port)
        assert said["status"] == "red"
        assert [one["trouble"] for one in said["reasons"]] == ["own"]
        assert said["database"]["outbox"]["own"] == {"depth": 1, "oldest_seconds": 61}
    await office.settle()
    assert (await health(port))["status"] == "green"


def _flash(session: Session, chat_id: int, now: datetime) -> None:
    post.tell_chat(session, chat_id, Message(say("plain", text="tin")), now=now, lane=Lane.OWN)


async def test_a_database_without_an_answer_is_red(
    office: PlayedOffice, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_question: object) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr(watch, "PATIENCE", 0.05)
    monkeypatch.setattr(office.app.database, "read", never)
    response = await get(port, "/healthz")
    monkeypatch.undo()
    assert response.status_code == 503
    assert [one["trouble"] for one in response.json()["reasons"]] == ["database"]
    assert response.json()["database"] is None


async def test_it_ends_with_the_bot_and_comes_back_with_it(office: PlayedOffice, port: int) -> None:
    await office.stop()
    assert not await answers(port)
    await office.start()
    await until(lambda: answers(port))


async def test_a_client_that_stays_holds_nobody_up(office: PlayedOffice, port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")  # never ended
    await writer.drain()
    async with asyncio.timeout(6):
        await office.stop()
    writer.close()
    del reader


# --- when it cannot serve ---------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_port_that_is_taken_is_told_once_and_tried_again(
    migrated_url: str, tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "TRY_AGAIN", 0.02)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with capture_logs() as logs:
            async with played_office(migrated_url, tmp_path, f"[web]\nport = {port}") as office:
                await office.leader()  # the bot serves all the same
                await asyncio.sleep(0.2)
                other.close()
                await until(lambda: answers(port))
    events = [one["event"] for one in logs]
    assert events.count("web_port_unusable") == 1
    assert events.count("web_serves") == 1
    assert events.index("web_port_unusable") < events.index("web_serves")


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_without_a_port_nothing_is_opened(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> socket.socket:
        raise AssertionError("somebody listens")

    monkeypatch.setattr(web, "_listening", refused)
    async with played_office(migrated_url, tmp_path) as office:
        await office.leader()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
async def test_every_place_of_the_loopback_will_do(host: str, port: int) -> None:
    if host == "::1" and not has_ipv6():
        pytest.skip("no ::1 on this machine")

    async def ask() -> Report:
        return judge(Stage.SERVING, BEATS, ROWS)

    serving = asyncio.create_task(web.Web(host, port, ask).run())
    name = f"[{host}]" if ":" in host else host

    async def is_there() -> bool:
        with contextlib.suppress(httpx.TransportError):
            async with httpx.AsyncClient(trust_env=False) as browser:
                return (await browser.get(f"http://{name}:{port}/healthz")).status_code == 200
        return False

    try:
        await until(is_there)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def test_a_process_that_stands_by_says_so(tmp_path: Path, cluster: Cluster, port: int) -> None:
    url = cluster.create_database("standing_by", None)
    other = free_port()
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    async with played_office(url, tmp_path / "one", f"[web]\nport = {other}"):
        text = (tmp_path / "one" / "config.toml").read_text(encoding="utf-8")
        config = tmp_path / "two" / "config.toml"
        config.write_text(text.replace(f"port = {other}", f"port = {port}"), encoding="utf-8")
        stop = asyncio.Event()
        second = asyncio.create_task(App(load(config)).run(stop))
        await until(lambda: answers(port))
        assert (await get(port, "/healthz")).status_code == 503
        assert (await health(port))["status"] == "standing_by"
        await until(lambda: answers(other))
        assert (await health(other))["status"] == "green"
        stop.set()
        await second
    cluster.drop_database("standing_by")
