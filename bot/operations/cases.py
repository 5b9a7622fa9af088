"""Looking at cases: who may, and the case card. Every look at a case is logged."""

from datetime import datetime

from sqlmodel import Session

from bot.operations import access, refusals
from bot.rules.permissions import EVERY_BRANCH, Right, has_right
from bot.wording import cases as wording
from bot.wording.message import Message
from storage import cases, inquiries
from storage.dossiers import Dossier, gather, sent_answer
from storage.kinds import Act, Role
from storage.people import Member
from storage.tables import Branch, Case


def own_only(member: Member) -> str | None:
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
    scope, officer = access.branch_scope(by), own_only(by)
    if case is None or (scope is not None and case.branch_id != scope):
        raise refusals.Gone
    if officer is not None and case.officer_name != officer:
        raise refusals.Gone
    return case


def _card(session: Session, case: Case, *, by: Member, now: datetime) -> Message:
    assert case.id is not None
    found = (gather(session, inquiry) for inquiry in inquiries.of_case(session, case.id))
    asked = [_asked(session, dossier) for dossier in found if access.may(Act.VIEW, by, dossier)]
    may_ask = has_right(Right.ASK, by.roles)
    return wording.card(case, branch_of(session, case), asked, may_ask=may_ask, now=now)


def _asked(session: Session, dossier: Dossier) -> wording.Asked:
    answers = {round.number: sent_answer(session, dossier.inquiry, round.number) for round in dossier.rounds}
    return wording.Asked(dossier, {number: answer for number, answer in answers.items() if answer})
