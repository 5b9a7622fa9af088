"""One inquiry in full, the list of open ones, and how a deadline was counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from bot.rules.deadlines import Deadline, Step
from bot.rules.office import Office
from bot.wording import attachments
from bot.wording.calendar import reason
from bot.wording.callbacks import Tap
from bot.wording.catalogue import catalogue, plain, say
from bot.wording.drafts import allowance
from bot.wording.inquiries import WHAT, case_lines, files_line, headline, timeliness
from bot.wording.lengths import shorten, visible_length
from bot.wording.links import link
from bot.wording.message import ROOM, Message, Row, button, fitting, rows
from storage.dossiers import Dossier, SentAnswer
from storage.kinds import SubjectKind
from storage.tables import History, Round

NOTES = 500
"""UTF-16 units for all notes of an inquiry together."""
EXPLAINED = 45
"""So many days of a deadline are told one by one."""
ONE_DAY = timedelta(days=1)
LISTED = 30
"""So many inquiries one list names."""
FRAME = 200
"""UTF-16 units kept free for a list's first line and its last."""
ROUNDS, STEPS = 10, 20
"""So many rounds and steps one view holds."""


@dataclass(frozen=True)
class Entry:
    """A row of an inquiry's history, with its actor's name and, of a note, its text."""

    row: History
    name: str = ""
    text: str = ""


def inquiry(
    dossier: Dossier,
    answers: Mapping[int, SentAnswer],
    history: Sequence[Entry],
    office: Office,
    now: datetime,
    buttons: tuple[Row, ...] = (),
) -> Message:
    """Return an inquiry with its rounds and every step.

    The texts share what room the rest leaves; of very many rounds and steps the last ones are shown.
    """
    rounds = dossier.rounds[-ROUNDS:]
    lines = _steps([entry for entry in history if f"history.{entry.row.act}" in catalogue()][-STEPS:])

    def drawn(room: int) -> Markup:
        told = [_round(dossier, round, answers.get(round.number), office, room) for round in rounds]
        return _view(dossier, told, lines, office, now)

    spare = ROOM - visible_length(drawn(room=1))
    return Message(drawn(room=max(spare // (2 * len(rounds)), 1)), buttons)


def _view(
    dossier: Dossier, rounds: Sequence[Markup], lines: Sequence[str], office: Office, now: datetime
) -> Markup:
    shown = headline(dossier, office, now)
    return say(
        "inquiries.view",
        sign=shown.sign,
        number=dossier.number,
        round=dossier.inquiry.round,
        state=shown.state,
        branch=dossier.branch.name,
        addressee=dossier.head.person.name if dossier.head else "",
        due=dossier.round.due_at,
        case_lines=case_lines(dossier, for_head=False),
        rounds=rounds,
        lines=lines,
    )


def _round(dossier: Dossier, round: Round, answered: SentAnswer | None, office: Office, room: int) -> Markup:
    question = say(
        "inquiries.view_question",
        round=round.number,
        what=plain(WHAT[round.kind]) if round.kind in WHAT else "",
        name=dossier.asker.person.name,
        at=round.asked_at,
        text=round.text,
        files=files_line(dossier, round),
        room=room,
    )
    if answered is None:
        return question
    return (
        question
        + "\n"
        + say(
            "inquiries.view_answer",
            name=answered.writer.person.name,
            at=answered.answer.sent_at,
            timeliness=timeliness(round, office),
            text=answered.text,
            files=attachments.line(len(answered.files)) if answered.files else "",
            room=room,
        )
    )


def _steps(entries: Sequence[Entry]) -> list[str]:
    room = NOTES // max(sum(bool(entry.text) for entry in entries), 1)
    return [
        say(
            f"history.{entry.row.act}",
            at=entry.row.at,
            name=entry.name,
            round=entry.row.round,
            text=shorten(entry.text, room),
        )
        for entry in entries
    ]


def open_list(dossiers: Sequence[Dossier], office: Office, now: datetime, command: str = "xem") -> Message:
    """Return the open inquiries, a line each, as many as one message holds."""
    if not dossiers:
        return Message(say("inquiries.list_none"))
    head = say("inquiries.list_head", count=len(dossiers), to_answer=command == "traloi")
    lines = fitting([_line(dossier, office, now, command) for dossier in dossiers[:LISTED]], ROOM - FRAME)
    if len(dossiers) > len(lines):
        lines.append(say("inquiries.list_more", count=len(dossiers) - len(lines)))
    return Message(Markup("\n").join([head, *lines]))


def _line(dossier: Dossier, office: Office, now: datetime, command: str) -> Markup:
    shown = headline(dossier, office, now)
    return say(
        "inquiries.list_line",
        sign=shown.sign,
        number=dossier.number,
        branch=dossier.branch.name,
        state=shown.state,
        due=dossier.round.due_at,
        link=link(command, dossier.inquiry, now),
    )


def reckoning(dossier: Dossier, office: Office) -> Message:
    """Return how the present round's deadline was counted, and how an outage moved it."""
    counted, move = _counted(dossier, office), dossier.move
    if move is None:
        return counted
    moved = say(
        "reckoning.outage",
        since=move.away_from,
        until=move.away_until,
        old=move.old_due_at,
        due=move.new_due_at,
    )
    return Message(counted.html + Markup("\n") + moved)


def _counted(dossier: Dossier, office: Office) -> Message:
    """Return how the deadline was counted, day by day."""
    round, urgency = dossier.round, dossier.inquiry.urgency
    if round.delivered_at is None:
        return Message(say("reckoning.not_yet", number=dossier.number))
    reckoned = office.reckon(round.delivered_at, urgency, round.number, round.due_on)
    values: dict[str, Any] = {
        "number": dossier.number,
        "due": round.due_at or reckoned.due_at,
        "delivered": round.delivered_at,
        "starts": reckoned.starts_at,
        "moved": reckoned.starts_at > round.delivered_at,
        "lines": _reckoning_lines(reckoned.steps),
    }
    if round.due_on is not None:
        return _fixed_reckoning(reckoned, round.due_on, values)
    values |= {"allowance": allowance(office.limit(urgency, round.number))}
    if office.limit(urgency, round.number).clock_hours is not None:
        return Message(say("reckoning.flash", **values))
    return Message(say("reckoning.text", urgency=plain(f"urgency.{urgency}").lower(), **values))


def _fixed_reckoning(reckoned: Deadline, due_on: date, values: dict[str, Any]) -> Message:
    is_moved = reckoned.due_at.date() > due_on
    count = max((step.counted or 0 for step in reckoned.steps), default=0)
    return Message(say("reckoning.fixed", due_on=due_on, is_moved=is_moved, count=count, **values))


def _reckoning_lines(steps: Sequence[Step]) -> list[Markup]:
    """Return a line for each day; of a long term only for the days out of the ordinary and the last one."""
    if len(steps) <= EXPLAINED:
        return [_reckoning_line(step) for step in steps]
    unusual = [one for one in steps[:-1] if one.reason not in (None, "weekend")]
    half = EXPLAINED // 2
    told = [*unusual[:half], *unusual[half:][-half:], steps[-1]]
    lines = [_reckoning_line(told[0])]
    for before, step in pairwise(told):
        if step.day - before.day > ONE_DAY:
            lines.append(Markup("…"))
        lines.append(_reckoning_line(step))
    return lines


def _reckoning_line(step: Step) -> Markup:
    if step.counted is not None:
        return say("reckoning.counted", day=step.day, count=step.counted, reason=reason(step.reason))
    return say("reckoning.skipped", day=step.day, reason=reason(step.reason))


def verdict_or_none(dossier: Dossier, *, is_asker: bool) -> tuple[Row, ...]:
    """Return the one button that leads an asker from a view to the answer."""
    if not is_asker:
        return ()
    return rows([button(Tap.SHOW_ANSWER, SubjectKind.INQUIRY, dossier.id, dossier.inquiry.round)])
