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


def member(session: Session, person_id: int) -> Member:
    """Return the person with this id. Raises LookupError when there is none."""
    person = session.get(Person, person_id)
    if person is None:
        raise LookupError(f"no person {person_id}")
    roles = session.exec(select(PersonRole.role).where(PersonRole.person_id == person_id)).all()
    branch = session.get(Branch, person.branch_id) if person.branch_id else None
    return Member(person, frozenset(Role(role) for role in roles), branch, _live_account(session, person_id))


def _live_account(session: Session, person_id: int) -> Account | None:
    live = select(Account).where(Account.person_id == person_id, col(Account.unbound_at).is_(None))
    return session.exec(live).first()


def by_telegram_id(session: Session, telegram_id: int) -> Member | None:
    """Return who is bound to a Telegram account now, suspended or not."""
    live = select(Account).where(Account.telegram_id == telegram_id, col(Account.unbound_at).is_(None))
    account = session.exec(live).first()
    return member(session, account.person_id) if account else None


def members_with(session: Session, role: Role, branch_id: int | None = None) -> Sequence[Member]:
    """Return the active people with a role (in a branch), in the order in which they were named."""
    found = (
        select(Person.id)
        .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
        .where(PersonRole.role == role, col(Person.suspended_at).is_(None))
        .order_by(col(PersonRole.named_at), col(Person.id))
    )
    if branch_id is not None:
        found = found.where(Person.branch_id == branch_id)
    return [member(session, person_id) for person_id in session.exec(found) if person_id is not None]


_ACTIVE_BY_ROLE = (
    select(Person.id, Person.branch_id, Person.is_chief)
    .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
    .where(PersonRole.role == bindparam("role"), col(Person.suspended_at).is_(None))
    .order_by(col(Person.id))
)
_REACHABLE = (
    select(Account.person_id)
    .join(Person, col(Person.id) == col(Account.person_id))
    .where(col(Account.unbound_at).is_(None), col(Person.suspended_at).is_(None))
)


def head_ids(session: Session) -> Mapping[int, int]:
    """Return each branch's present head, as `head_of` does, in one query."""
    found = session.exec(_ACTIVE_BY_ROLE, params={"role": Role.HEAD})
    return {branch_id: person_id for person_id, branch_id, _chief in found if branch_id and person_id}


def head_of(session: Session, branch_id: int) -> Member | None:
    """Return the branch's present head: the one named last."""
    heads = members_with(session, Role.HEAD, branch_id)
    return heads[-1] if heads else None


def chief_id(session: Session) -> int | None:
    """Return the chief, as `chief` does, in one query."""
    found = session.exec(_ACTIVE_BY_ROLE, params={"role": Role.LEADER})
    return next((person_id for person_id, _branch_id, is_chief in found if is_chief), None)


def chief(session: Session) -> Member | None:
    """Return the present chief: the one named last."""
    chiefs = [one for one in members_with(session, Role.LEADER) if one.person.is_chief]
    return chiefs[-1] if chiefs else None


def find(session: Session, name: str, branch_id: int | None) -> Member | None:
    """Return the active person of this name in this branch (None: at the department)."""
    found = select(Person.id).where(
        Person.name == name, Person.branch_id == branch_id, col(Person.suspended_at).is_(None)
    )
    person_id = session.exec(found.order_by(col(Person.id).desc())).first()
    return member(session, person_id) if person_id is not None else None


def reachable_ids(session: Session) -> set[int]:
    """Return the active people who have an account."""
    return set(session.exec(_REACHABLE))


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
    found = select(Person.id).order_by(col(Person.id))
    return [member(session, one) for one in session.exec(found) if one is not None]
