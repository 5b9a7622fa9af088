"""How people are named: "đồng chí" with the full name, "đ/c" with the given name in lists."""

from bot.rules.office import Office
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain
from bot.wording.message import Button, button
from storage.kinds import Role, SubjectKind
from storage.people import Member

RANK = (Role.LEADER, Role.HEAD, Role.DEPUTY, Role.OBSERVER, Role.OFFICER, Role.ADMIN)


def given_name(member: Member) -> str:
    """Return `Tâm` for Hồ Minh Tâm."""
    return member.person.name.split()[-1]


def first_role(member: Member) -> Role:
    """Return the role under which a person is greeted."""
    return next(role for role in RANK if role in member.roles)


def take_off_button(member: Member) -> Button | None:
    """Return the administrator's button that takes this very account off, if there is one."""
    if member.account is None:
        return None
    return button(Tap.TAKE_OFF, SubjectKind.PERSON, member.id, extra=str(member.account.id))


def contact(office: Office) -> str:
    """Return whom to ask: `Văn phòng Cục, 0234 382 xxxx`."""
    return plain("enrolment.contact", secretariat=office.profile.secretariat, phone=office.phone)


def full_branch(member: Member) -> str:
    """Return `Chi cục THADS huyện Phú Lộc`, or nothing for people of the department."""
    return member.branch.full_name if member.branch else ""
