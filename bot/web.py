"""For machines that watch: `/healthz` and `/metrics`, on the loopback alone. Numbers, no contents."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator
from importlib import metadata
from typing import Any

import structlog
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.rules.health import Beats, Report, Rows, Trouble
from bot.wording.alarms import remedy, what

Ask = Callable[[], Awaitable[Report]]
"""What tells how things stand now."""

TRY_AGAIN = 10.0  # seconds after which a port that was taken is asked for again
GRACE = 1  # second for an answer that is under way at the end

log = structlog.get_logger("web")


def version() -> str:
    """Return the version that is installed."""
    try:
        return metadata.version("chatvan")
    except metadata.PackageNotFoundError:
        return "0"


# --- what is answered -------------------------------------------------------------------------


def application(ask: Ask) -> Starlette:
    """Return the two pages."""

    async def healthz(_request: Request) -> Response:
        report = await ask()
        return JSONResponse(as_json(report), 200 if report.is_green else 503)

    async def metrics(_request: Request) -> Response:
        return Response(as_metrics(await ask()), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return Starlette(routes=[Route("/healthz", healthz), Route("/metrics", metrics)])


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as plain JSON: status, reasons, version, numbers; ages in whole seconds."""
    return {
        "status": report.status,
        "reasons": [
            {
                "trouble": one.trouble,
                "seconds": round(one.seconds),
                "what": what(one.trouble),
                "remedy": remedy(one.trouble),
            }
            for one in report.findings
        ],
        "version": version(),
        "process": _beats_as_json(report.beats),
        "database": _rows_as_json(report.rows) if report.rows else None,
    }


def _beats_as_json(beats: Beats) -> dict[str, Any]:
    return {
        "telegram_last_ok_seconds": round(beats.silence),
        "sweep_lag_seconds": {sweep.name: round(sweep.lag) for sweep in beats.sweeps},
    }


def _rows_as_json(rows: Rows) -> dict[str, Any]:
    return {
        "inbox": {"depth": rows.inbox.depth, "oldest_seconds": round(rows.inbox.oldest)},
        "failed": rows.failed,
        "outbox": {
            lane.name.lower(): {"depth": queue.depth, "oldest_seconds": round(queue.oldest)}
            for lane, queue in rows.outbox.items()
        },
        "held": rows.held,
        "refused_within_a_day": rows.refused_lately,
        "history_rows": rows.history,
        "backup_age_seconds": None if rows.backup is None else round(rows.backup),
    }


def as_metrics(report: Report) -> bytes:
    """Return a report in the text format of Prometheus, with the metrics of the process."""
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    registry.register(_Collected([*_metrics_of_process(report), *_metrics_of_rows(report.rows)]))
    return generate_latest(registry)


class _Collected:
    """What was counted once, as the library wants it: something that collects."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> list[Metric]:
        return self._metrics


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"chatvan_{name}", says, value)


def _gauges(name: str, says: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(f"chatvan_{name}", says, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _metrics_of_process(report: Report) -> Iterator[Metric]:
    red = {one.trouble for one in report.findings}
    lags = {sweep.name: sweep.lag for sweep in report.beats.sweeps}
    yield _gauges("info", "The version that runs", "version", {version(): 1})
    yield _gauge("healthy", "1: it serves, and nothing is red", report.is_green)
    yield _gauges("trouble", "1: red", "kind", {str(one): one in red for one in Trouble})
    yield _gauge("telegram_last_ok_seconds", "Since Telegram last answered", report.beats.silence)
    yield _gauges("sweep_lag_seconds", "Since a job last ran to its end", "job", lags)


def _metrics_of_rows(rows: Rows | None) -> Iterator[Metric]:
    if rows is None:
        return
    lanes = {lane.name.lower(): queue for lane, queue in rows.outbox.items()}
    depths = {name: float(queue.depth) for name, queue in lanes.items()}
    ages = {name: queue.oldest for name, queue in lanes.items()}
    yield _gauge("inbox_depth", "Updates that wait", rows.inbox.depth)
    yield _gauge("inbox_oldest_seconds", "Age of the oldest update that waits", rows.inbox.oldest)
    yield _gauge("inbox_failed", "Updates that could not be worked off", rows.failed)
    yield _gauges("outbox_depth", "Messages that wait", "lane", depths)
    yield _gauges("outbox_oldest_seconds", "Since when nothing goes out where it waits", "lane", ages)
    yield _gauge("outbox_held", "Messages for accounts that cannot be reached", rows.held)
    yield CounterMetricFamily("chatvan_refused", "Messages that Telegram would not take", rows.refused)
    yield _gauge("history_rows", "Rows of the history", rows.history)
    if rows.backup is not None:
        yield _gauge("backup_age_seconds", "Since the newest backup", rows.backup)


# --- serving ----------------------------------------------------------------------------------


class Web:
    """Serves the two pages at `host` and `port`; with port 0 it does nothing."""

    def __init__(self, host: str, port: int, ask: Ask) -> None:
        self._host, self._port, self._ask = host, port, ask

    async def run(self) -> None:
        """Serve until cancelled. A port that is taken is tried again and again; the bot serves on."""
        is_news = True
        while self._port:
            try:
                with _listening(self._host, self._port) as door:
                    log.info("web_serves", host=self._host, port=self._port)
                    is_news = True
                    await self._serve(door)
            except OSError as error:
                if is_news:
                    log.warning("web_port_unusable", port=self._port, reason=error.strerror)
                is_news = False
            except Exception:
                log.exception("web_failed")
            await asyncio.sleep(TRY_AGAIN)

    async def _serve(self, door: socket.socket) -> None:
        server = _Server(
            uvicorn.Config(
                application(self._ask),
                log_config=None,
                lifespan="off",
                ws="none",
                http="h11",
                timeout_graceful_shutdown=GRACE,
            )
        )
        serving = asyncio.ensure_future(server.serve(sockets=[door]))
        try:
            await asyncio.shield(serving)
        finally:
            server.should_exit = True
            await serving


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the bot, which ends in order."""
        yield


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket bound to a place of the loopback. Raises OSError."""
    family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    door = socket.socket(family, kind, protocol)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
    except OSError:
        door.close()
        raise
    return door
