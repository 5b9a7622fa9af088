"""Files that the bot sends. An outbox row names what to draw; the sender has it drawn from a snapshot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.operations import figures, summaries
from bot.rules.figures import Figures
from bot.rules.office import Office
from bot.wording import summaries as wording
from bot.wording import workbooks
from storage import cases, outbox
from storage.dossiers import gather
from storage.kinds import Lane, OutboxKind
from storage.people import Member
from storage.tables import Branch, Summary

SUMMARY = "summary"


@dataclass(frozen=True)
class Document:
    """A file as it is sent; `caption` is Telegram HTML."""

    name: str
    content: bytes
    caption: str


def draw(session: Session, payload: Mapping[str, Any], *, office: Office) -> Document:
    """Return the file that an outbox row asks for."""
    return DRAWERS[payload["document"]](session, payload, office)


# --- the workbook of a weekly summary ---------------------------------------------------------


def want_workbook(
    session: Session,
    summary_id: int,
    branch_id: int | None,
    *,
    by: Member,
    chat_id: int,
    now: datetime,
    office: Office,
) -> None:
    """Queue the workbook of a summary that was sent, or (0) of things as they stand; the look is logged."""
    if summary_id:
        summaries.recorded(session, summary_id, by=by)
        payload: dict[str, Any] = {"document": SUMMARY, "summary": summary_id}
    else:
        scope = summaries.scope(session, by, branch_id).branch_id
        begins_at, ends_at = summaries.present_period(now, office)
        payload = {
            "document": SUMMARY,
            "branch": scope,
            "begins_at": begins_at.isoformat(),
            "ends_at": ends_at.isoformat(),
        }
    for one in _open(session, _period_of(session, payload, office)):
        cases.log_view(session, by.id, case_id=one.inquiry.case_id, inquiry_id=one.inquiry.id, now=now)
    outbox.queue(session, chat_id, OutboxKind.DOCUMENT, payload, lane=Lane.OWN, now=now)


@dataclass(frozen=True)
class _Period:
    begins_at: datetime
    ends_at: datetime
    branch: Branch | None
    week: Figures


def _period_of(session: Session, payload: Mapping[str, Any], office: Office) -> _Period:
    if "summary" in payload:
        sent = session.get(Summary, payload["summary"])
        assert sent is not None
        branch = session.get(Branch, sent.branch_id) if sent.branch_id else None
        return _Period(sent.begins_at, sent.ends_at, branch, figures.from_plain(sent.figures))
    begins_at, ends_at = (datetime.fromisoformat(payload[key]) for key in ("begins_at", "ends_at"))
    branch = session.get(Branch, payload["branch"]) if payload["branch"] else None
    week = figures.count(session, begins_at, ends_at, branch=branch, office=office)
    return _Period(begins_at, ends_at, branch, week)


def _open(session: Session, period: _Period) -> list[figures.Standing]:
    found = figures.standings(session, period.begins_at, period.ends_at, branch=period.branch)
    return [one for one in found if one.is_open]


def _draw_summary(session: Session, payload: Mapping[str, Any], office: Office) -> Document:
    period = _period_of(session, payload, office)
    entries = [
        workbooks.Entry(gather(session, one.inquiry), one.round, one.at, office)
        for one in _open(session, period)
    ]
    shown = wording.period(period.begins_at, period.ends_at, office)
    branch = period.branch.name if period.branch else ""
    return Document(
        name=wording.workbook_name(period.ends_at, period.branch),
        content=workbooks.summary(period.week, entries, made_at=period.ends_at),
        caption=wording.workbook_caption(shown, branch),
    )


DRAWERS: Mapping[str, Callable[[Session, Mapping[str, Any], Office], Document]] = {SUMMARY: _draw_summary}
