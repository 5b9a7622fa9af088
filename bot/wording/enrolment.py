"""What a stranger reads (nothing about the agency), and what one reads who has enrolled."""

from datetime import datetime

from bot.rules.dates import HANOI
from bot.rules.office import Office
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.message import Message, button, rows
from bot.wording.people import contact, first_role, full_branch, take_off_button
from storage.kinds import Role, SubjectKind
from storage.people import Member

PURPOSES = {
    Role.LEADER: "enrolment.purpose_leader",
    Role.HEAD: "enrolment.purpose_head",
    Role.DEPUTY: "enrolment.purpose_officer",
    Role.OFFICER: "enrolment.purpose_officer",
    Role.OBSERVER: "enrolment.purpose_observer",
    Role.ADMIN: "enrolment.purpose_admin",
}


def welcome(member: Member, office: Office) -> Message:
    """Return the confirmation with the notice about personal data."""
    profile = office.profile
    head = profile.titles[Role.HEAD]
    html = say(
        "enrolment.welcome",
        name=member.person.name,
        title=member.person.title,
        branch=full_branch(member),
        purpose=plain(PURPOSES[first_role(member)], head=head, leadership=profile.leadership),
        department=profile.department,
        leadership=profile.leadership,
        head=head,
        years=office.retention_years,
        contact=contact(office),
    )
    return Message(
        html,
        rows(
            [button(Tap.READ, SubjectKind.PERSON, member.id)],
            [button(Tap.NOT_ME, SubjectKind.PERSON, member.id)],
        ),
    )


def moved(office: Office, at: datetime) -> Message:
    return Message(say("enrolment.moved", at=at.astimezone(HANOI), contact=contact(office)))


def to_admin(member: Member, shown: str, missing: int, total: int, at: datetime) -> Message:
    branch = member.branch.name if member.branch else ""
    return Message(
        say(
            "enrolment.to_admin",
            name=member.person.name,
            branch=branch,
            shown=shown,
            missing=missing,
            total=total,
            at=at,
        ),
        rows(
            [
                take_off_button(member),
                button(Tap.WHO_MISSES, SubjectKind.PERSON, member.id),
            ]
        ),
    )


def not_me_to_admin(member: Member, shown: str, at: datetime) -> Message:
    return Message(say("enrolment.not_me_to_admin", name=member.person.name, shown=shown, at=at))
