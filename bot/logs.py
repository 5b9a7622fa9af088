"""What the service writes to stderr: lines of text or of JSON, in which no secret can stand.

Every line goes through one handler, which blots the secrets out of the finished line: so it does not
matter whether one came in a message, an argument, an event's value or the text of an exception.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterable, Sequence
from types import TracebackType
from urllib.parse import quote

import structlog
from structlog.typing import Processor

BLOT = "***"

LEAST_PIECE = 4
"""So many letters of a secret are worth blotting out where the rest was cut off."""

# httpx logs every URL at INFO, and Telegram's URLs hold the token; the others are merely talkative.
QUIET = ("alembic", "httpx", "httpcore", "telegram", "apscheduler", "uvicorn")

# It would log a garbled answer of Telegram whole: texts that no screen for secrecy has seen.
MUTE = ("telegram.request",)

log = structlog.get_logger("bot")


def configure(level: str, layout: str, secrets: Sequence[str]) -> None:
    """Send every log record of the process to stderr, also what ends a program or a thread.

    `level` is a name like `info`; `layout` is `text` or `json`. Of a secret `123:ABC`, a bot's token, the
    half `ABC` is a secret too. May be called again; the last call counts.
    """
    handler = _Handler(sys.stderr)
    handler.setFormatter(_Blotting(_formatter(layout), secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_PREPARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


_PREPARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
)


def _formatter(layout: str) -> logging.Formatter:
    if layout == "json":
        final: list[Processor] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        # Not rich's tracebacks: they print local variables, and break lines within a secret.
        plain = structlog.dev.plain_traceback
        final = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_PREPARED, structlog.stdlib.ExtraAdder()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
    )


class _Blotting(logging.Formatter):
    """Blots the secrets out of what another formatter made."""

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._inner = inner
        forms = {form for secret in secrets for form in _forms(secret)}
        patterns = [*map(re.escape, _longest_first(forms)), *_cut_short(forms)]
        self._secret = re.compile("|".join(patterns) or r"(?!)")

    def format(self, record: logging.LogRecord) -> str:
        try:
            line = self._inner.format(record)
        except Exception as error:
            # A faulty call must neither be lost nor print its arguments by itself.
            line = f"unreadable log record of {record.name!r}: {record.msg!r} ({type(error).__name__})"
        return self._secret.sub(BLOT, line)


def _forms(secret: str) -> set[str]:
    """Return how a secret may look in a line: as it is, its half, in a URL, in JSON."""
    token = re.fullmatch(r"[0-9]+:(.+)", secret)
    parts = {secret, token[1]} if token else {secret}
    escaped = {json.dumps(part, ensure_ascii=False)[1:-1] for part in parts}
    return (parts | escaped | {quote(part, safe="") for part in parts}) - {""}


def _longest_first(forms: Iterable[str]) -> list[str]:
    """A half blotted out would leave the other half standing."""
    return sorted(forms, key=len, reverse=True)


def _cut_short(forms: Iterable[str]) -> list[str]:
    """Return patterns for what reprlib leaves, as in asyncio's `<Handle fail('123:AA...secret')>`."""
    cuts = [(form, place) for form in forms for place in range(LEAST_PIECE, len(form))]
    heads = map(re.escape, _longest_first({form[:place] for form, place in cuts}))
    tails = map(re.escape, _longest_first({form[-place:] for form, place in cuts}))
    return [rf"(?:{'|'.join(heads)})(?=\.\.\.)", rf"(?<=\.\.\.)(?:{'|'.join(tails)})"] if cuts else []


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]  # cannot be subscripted in 3.11
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Keep silent when stderr cannot be written: the default would print the record's bare arguments."""


def _uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("uncaught", exc_info=(kind, error, traceback))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        thread = args.thread.name if args.thread else None
        log.critical("uncaught", thread=thread, exc_info=(args.exc_type, args.exc_value, args.exc_traceback))


def _unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    error = unraisable.exc_value
    traceback = (unraisable.exc_type, error, unraisable.exc_traceback) if error is not None else None
    log.error("unraisable", at=repr(unraisable.object), exc_info=traceback)
