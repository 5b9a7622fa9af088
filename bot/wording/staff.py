"""People as the administrator sees them: lists, a person's card, a new code."""

from collections.abc import Sequence

from bot.rules.office import Office
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.message import ROOM, Message, button, fitting, rows
from bot.wording.people import take_off_button
from storage.kinds import SubjectKind
from storage.people import Member

FRAME = 200
"""UTF-16 units kept free for the first line and the last."""


def state(member: Member) -> str:
    if not member.is_active:
        return plain("staff.suspended")
    return plain("staff.enrolled" if member.account else "staff.not_enrolled")


def _lines(members: Sequence[Member]) -> Sequence[str]:
    said = [
        say(
            "staff.line",
            name=one.person.name,
            title=one.person.title,
            branch=one.branch.name if one.branch else "",
            state=state(one),
            id=one.id,
        )
        for one in members
    ]
    lines = fitting(said, ROOM - FRAME)
    if len(members) > len(lines):
        lines.append(say("staff.more", count=len(members) - len(lines)))
    return lines


def people(members: Sequence[Member]) -> Message:
    """Return the list of all people."""
    missing = sum(one.account is None for one in members)
    return Message(say("staff.list", total=len(members), missing=missing, lines=_lines(members)))


def missing(members: Sequence[Member]) -> Message:
    """Return who has not enrolled yet."""
    absent = [one for one in members if one.account is None and one.is_active]
    return Message(say("staff.missing", total=len(members), missing=len(absent), lines=_lines(absent)))


def card(member: Member) -> Message:
    """Return a person's card with what the administrator can do."""
    html = say(
        "staff.card",
        name=member.person.name,
        title=member.person.title,
        branch=member.branch.name if member.branch else "",
        roles=", ".join(plain(f"role.{role}") for role in sorted(member.roles)),
        state=state(member),
        shown=member.account.display_name if member.account else "",
    )
    turn = Tap.SUSPEND if member.is_active else Tap.RESTORE
    return Message(
        html,
        rows(
            [button(Tap.NEW_CODE, SubjectKind.PERSON, member.id)],
            [
                take_off_button(member),
                button(turn, SubjectKind.PERSON, member.id),
            ],
        ),
    )


def code(member: Member, code: str, office: Office) -> Message:
    return Message(say("staff.code", name=member.person.name, code=code, days=office.code_lasts.days))
