"""Đôn đốc on the phone: the message to the head or the officer, and the lists of what can be urged."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot.rules.deadlines import is_overdue
from bot.rules.office import Office
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.links import link
from bot.wording.message import Message, button, rows
from bot.wording.people import given_name
from bot.wording.reminders import Moment, how_late
from storage.dossiers import Dossier
from storage.kinds import SubjectKind, Urgency
from storage.people import Member

LISTED = 25
"""So many inquiries one list names."""
URGED = 8
"""So many inquiries one message to a head names."""
ABSENT = 3
"""So many whom nothing reaches a toast names: it has room for 200 characters."""


def _late(dossier: Dossier, office: Office, now: datetime) -> str:
    due = dossier.round.due_at
    return how_late(due, Moment(now, office)) if due is not None and is_overdue(due, now) else ""


def to_head(dossier: Dossier, by: Member, office: Office, now: datetime) -> Message:
    """Return what the head reads when a leader urges."""
    is_received = dossier.round.received_at is not None
    html = say(
        "urging.to_head",
        is_flash=dossier.inquiry.urgency is Urgency.FLASH,
        name=by.person.name,
        number=dossier.number,
        due=dossier.round.due_at,
        late=_late(dossier, office, now),
        case_number=dossier.case.decision_number,
        is_received=is_received,
    )
    receive, answer = (
        button(tap, SubjectKind.INQUIRY, dossier.id, dossier.inquiry.round)
        for tap in (Tap.RECEIVE, Tap.ANSWER)
    )
    return Message(html, rows([None if is_received else receive, answer]))


def to_head_of_all(
    dossiers: Sequence[Dossier], by: Member, office: Office, now: datetime, *, is_flash: bool
) -> Message:
    """Return what the head reads when a leader urges on several overdue inquiries at once."""
    html = say(
        "urging.to_head_of_all",
        is_flash=is_flash,
        name=by.person.name,
        count=len(dossiers),
        lines=[_line(one, "traloi", office, now, is_own=True) for one in dossiers[:URGED]],
        more=max(0, len(dossiers) - URGED),
    )
    return Message(html)


def to_officer(dossier: Dossier, by: Member, office: Office, now: datetime) -> Message:
    """Return what an officer reads when the head urges: the case, not the question."""
    return Message(
        say(
            "urging.to_officer",
            name=by.person.name,
            case_number=dossier.case.decision_number,
            number=dossier.number,
            due=dossier.round.due_at,
            late=_late(dossier, office, now),
        )
    )


def done(dossier: Dossier, name: str, now: datetime, *, is_reached: bool) -> str:
    """Return what the one who urged reads."""
    given = name.split()[-1] if name else ""
    key = "urging.done" if is_reached else "urging.done_unreached"
    return plain(key, name=given, number=dossier.number, at=now)


def done_all(reached: int, unreached: Sequence[Dossier], before: int) -> str:
    """Return what is read after a press that urged on all that is overdue.

    `reached`: how many inquiries a head was told of; `unreached`: of which nobody could be; `before`: how
    many had been urged a short while ago.
    """
    absent = list(dict.fromkeys(_absent(one) for one in unreached))
    return plain(
        "urging.done_all",
        done=reached,
        recorded=len(unreached),
        names=absent[:ABSENT],
        unnamed=len(absent[ABSENT:]),
        before=before,
    )


def _absent(dossier: Dossier) -> str:
    """Return `đ/c Tâm`, or where nobody is head `người đứng đầu Phú Lộc`."""
    name = given_name(dossier.head) if dossier.head else ""
    return plain("urging.absent", name=name, branch=dossier.branch.name)


def _listed(key: str, dossiers: Sequence[Dossier], lines: Sequence[Markup]) -> Message:
    return Message(say(key, count=len(dossiers), lines=lines, more=max(0, len(dossiers) - LISTED)))


def pressing(dossiers: Sequence[Dossier], office: Office, now: datetime) -> Message:
    """Return what a leader can urge, a line each."""
    if not dossiers:
        return Message(say("urging.none"))
    lines = [_line(one, "dondoc", office, now) for one in dossiers[:LISTED]]
    return _listed("urging.pressing", dossiers, lines)


def overdue(dossiers: Sequence[Dossier], office: Office, now: datetime, command: str) -> Message:
    """Return what is overdue, a line each; `command` is what a tap on a line does."""
    if not dossiers:
        return Message(say("urging.none_overdue"))
    lines = [_line(one, command, office, now) for one in dossiers[:LISTED]]
    return _listed("urging.overdue", dossiers, lines)


def _line(dossier: Dossier, command: str, office: Office, now: datetime, *, is_own: bool = False) -> Markup:
    """Return an inquiry's line; in a list of the reader's own branch it does not name the branch."""
    return say(
        "urging.line",
        number=dossier.number,
        branch="" if is_own else dossier.branch.name,
        late=_late(dossier, office, now),
        due=dossier.round.due_at,
        is_received=dossier.round.received_at is not None,
        asker=given_name(dossier.asker),
        link=link(command, dossier.inquiry, now),
    )


def of_officers(found: Sequence[tuple[Dossier, int]], office: Office, now: datetime) -> Message:
    """Return a branch's unanswered inquiries under the officers who can be urged on them."""
    if not found:
        return Message(say("urging.none"))
    lines: list[Markup] = []
    shown = found[:LISTED]
    for name in sorted({_officer(one) for one, _times in shown}, key=lambda name: (not name, name)):
        own = [(one, times) for one, times in shown if _officer(one) == name]
        urged = sum(times for _one, times in own)
        lines.append(say("urging.officer", name=name, urged=urged) if name else say("urging.own"))
        lines += [_officer_line(one, "dondoc" if name else "traloi", office, now) for one, _times in own]
    return _listed("urging.officers", [one for one, _times in found], lines)


def _officer(dossier: Dossier) -> str:
    """Return the officer of the case; nothing for the head's own."""
    name = dossier.case.officer_name
    return "" if dossier.head is not None and name == dossier.head.person.name else name


def _officer_line(dossier: Dossier, command: str, office: Office, now: datetime) -> Markup:
    return say(
        "urging.officer_line",
        number=dossier.number,
        case_number=dossier.case.decision_number,
        late=_late(dossier, office, now),
        due=dossier.round.due_at,
        link=link(command, dossier.inquiry, now),
    )
