"""People, their roles, accounts and codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from storage.kinds import Role
from storage.tables import Account, Branch, Invitation, Person, PersonRole, WrongTry


@dataclass(frozen=True)
class Member:
    """A person of the office with what is needed to speak to them."""

    person: Person
    roles: frozenset[Role]
    branch: Branch | None
    account: Account | None

    @property
    def id(self) -> int:
        assert self.person.id is not None
        return self.person.id

    @property
    def chat_id(self) -> int | None:
        """The private chat, which Telegram numbers as the account; a suspended person is told nothing."""
        return self.account.telegram_id if self.account and self.is_active else None

    @property
    def is_active(self) -> bool:
        return self.person.suspended_at is None

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


# What is asked again and again: the statements are made once.

_ROLES = select(PersonRole.role).where(PersonRole.person_id == bindparam("person_id"))
_LIVE_ACCOUNT = select(Account).where(
    Account.person_id == bindparam("person_id"), col(Account.unbound_at).is_(None)
)
_WITH_ROLE = (
    select(Person)
    .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
    .where(PersonRole.role == bindparam("role"), col(Person.suspended_at).is_(None))
    .order_by(col(PersonRole.named_at), col(Person.id))
)
_WITH_ROLE_IN_BRANCH = _WITH_ROLE.where(Person.branch_id == bindparam("branch_id"))
_BOUND = (
    select(Account)
    .join(Person, col(Person.id) == col(Account.person_id))
    .where(col(Account.unbound_at).is_(None), col(Person.suspended_at).is_(None))
)


def member(session: Session, person_id: int) -> Member:
    """Return the person with this id. Raises LookupError when there is none."""
    person = session.get(Person, person_id)
    if person is None:
        raise LookupError(f"no person {person_id}")
    return _member(session, person)


def _member(session: Session, person: Person) -> Member:
    this = {"person_id": person.id}
    roles = session.exec(_ROLES, params=this)
    branch = session.get(Branch, person.branch_id) if person.branch_id else None
    account = session.exec(_LIVE_ACCOUNT, params=this).first()
    return Member(person, frozenset(Role(role) for role in roles), branch, account)


def by_telegram_id(session: Session, telegram_id: int) -> Member | None:
    """Return who is bound to a Telegram account now, suspended or not."""
    live = select(Account).where(Account.telegram_id == telegram_id, col(Account.unbound_at).is_(None))
    account = session.exec(live).first()
    return member(session, account.person_id) if account else None


def members_with(session: Session, role: Role, branch_id: int | None = None) -> Sequence[Member]:
    """Return the active people with a role (in a branch), in the order in which they were named."""
    return [_member(session, person) for person in _people_with(session, role, branch_id)]


def _people_with(session: Session, role: Role, branch_id: int | None = None) -> Sequence[Person]:
    if branch_id is None:
        return session.exec(_WITH_ROLE, params={"role": role}).all()
    return session.exec(_WITH_ROLE_IN_BRANCH, params={"role": role, "branch_id": branch_id}).all()


def head_of(session: Session, branch_id: int) -> Member | None:
    """Return the branch's present head: the one named last."""
    heads = _people_with(session, Role.HEAD, branch_id)
    return _member(session, heads[-1]) if heads else None


def head_ids(session: Session) -> Mapping[int, int]:
    """Return each branch's present head, as `head_of` does, in one query."""
    heads = _people_with(session, Role.HEAD)
    return {one.branch_id: one.id for one in heads if one.branch_id is not None and one.id is not None}


def chief(session: Session) -> Member | None:
    """Return the present chief: the one named last."""
    found = _chief(session)
    return _member(session, found) if found else None


def chief_id(session: Session) -> int | None:
    """Return the present chief, as `chief` does, in one query."""
    found = _chief(session)
    return found.id if found else None


def _chief(session: Session) -> Person | None:
    leaders = _people_with(session, Role.LEADER)
    return next((one for one in reversed(leaders) if one.is_chief), None)


def find(session: Session, name: str, branch_id: int | None) -> Member | None:
    """Return the active person of this name in this branch (None: at the department)."""
    found = select(Person.id).where(
        Person.name == name, Person.branch_id == branch_id, col(Person.suspended_at).is_(None)
    )
    person_id = session.exec(found.order_by(col(Person.id).desc())).first()
    return member(session, person_id) if person_id is not None else None


def reachable_ids(session: Session) -> set[int]:
    """Return the active people who have an account that takes messages, as far as we know."""
    return {account.person_id for account in session.exec(_BOUND) if account.hindrance is None}


def chats(session: Session) -> Mapping[int, int]:
    """Return the chats of the active people who have an account, as `Member.chat_id` does, in one query."""
    return {account.person_id: account.telegram_id for account in session.exec(_BOUND)}


def count_unbound(session: Session) -> tuple[int, int]:
    """Return how many active people have no account yet, and how many there are."""
    everyone = session.exec(select(Person.id).where(col(Person.suspended_at).is_(None))).all()
    bound = session.exec(select(Account.person_id).where(col(Account.unbound_at).is_(None))).all()
    return len(set(everyone) - set(bound)), len(everyone)


# --- codes ---


def invitation(session: Session, digest: str) -> Invitation | None:
    return session.exec(select(Invitation).where(Invitation.code_digest == digest)).first()


def open_invitations(session: Session, person_id: int) -> Sequence[Invitation]:
    unused = select(Invitation).where(Invitation.person_id == person_id, col(Invitation.used_at).is_(None))
    return session.exec(unused).all()


def count_wrong_tries(session: Session, telegram_id: int, since: datetime) -> int:
    tries = select(func.count()).select_from(WrongTry)
    return session.exec(tries.where(WrongTry.telegram_id == telegram_id, WrongTry.tried_at > since)).one()


def everyone(session: Session) -> Sequence[Member]:
    """Return all people, suspended ones too, longest in the system first."""
    return [_member(session, one) for one in session.exec(select(Person).order_by(col(Person.id))).all()]
