"""Looking at cases: search and the case card. Every look at a case is logged."""

from datetime import datetime

from sqlmodel import Session

from bot.operations import access, refusals
from bot.rules.permissions import EVERY_BRANCH, Right, has_right
from bot.wording import cases as wording
from bot.wording.message import Message
from storage import cases, inquiries
from storage.dossiers import gather
from storage.kinds import Act, Role
from storage.people import Member
from storage.tables import Branch, Case

PAGE = 8


def search(session: Session, words: str, *, by: Member, now: datetime) -> tuple[Message, int | None]:
    """Return what a person's search finds: the card of one case with its id, or a list of several."""
    access.require_right(Right.SEARCH_CASES, by)
    scope = access.branch_scope(by)
    found, total = cases.search(session, words, branch_id=scope, officer=_own_only(by), limit=PAGE)
    if total == 1 and found[0].id is not None:
        return look(session, found[0].id, by=by, now=now), found[0].id
    return wording.found([(case, branch_of(session, case)) for case in found], total, words), None


def _own_only(member: Member) -> str | None:
    """Return the name that an officer's cases bear; None for people who see a whole branch."""
    if member.has(*EVERY_BRANCH, Role.HEAD):
        return None
    return member.person.name


def branch_of(session: Session, case: Case) -> Branch:
    branch = session.get(Branch, case.branch_id)
    assert branch is not None
    return branch


def look(session: Session, case_id: int, *, by: Member, now: datetime) -> Message:
    """Return a case's card to one who may see it; the view is logged."""
    case = find(session, case_id, by=by)
    cases.log_view(session, by.id, case_id=case_id, now=now)
    return _card(session, case, by=by, now=now)


def find(session: Session, case_id: int, *, by: Member) -> Case:
    """Return a case that the person may see."""
    access.require_right(Right.SEARCH_CASES, by)
    case = session.get(Case, case_id)
    scope, officer = access.branch_scope(by), _own_only(by)
    if case is None or (scope is not None and case.branch_id != scope):
        raise refusals.Gone
    if officer is not None and case.officer_name != officer:
        raise refusals.Gone
    return case


def _card(session: Session, case: Case, *, by: Member, now: datetime) -> Message:
    assert case.id is not None
    asked = (gather(session, inquiry) for inquiry in inquiries.of_case(session, case.id))
    seen = [dossier for dossier in asked if access.may(Act.VIEW, by, dossier)]
    may_ask = has_right(Right.ASK, by.roles)
    return wording.card(case, branch_of(session, case), seen, may_ask=may_ask, now=now)
