"""Searching cases: a search is a row, so that its list can be turned page by page, also after a restart."""

from datetime import datetime

from sqlmodel import Session

from bot.operations import access, refusals
from bot.operations import cases as looking
from bot.rules.permissions import Right
from bot.wording import cases as wording
from bot.wording import pages
from bot.wording.catalogue import say
from bot.wording.message import Message
from storage import cases, outbox, people
from storage.kinds import CardKind, Lane
from storage.people import Member
from storage.tables import Case, Search


def begin(session: Session, words: str, *, by: Member, now: datetime) -> tuple[Message, int | None] | None:
    """Search; return the card of the only case with its id, or that there is none.

    None: several were found, and their list is on its way.
    """
    found, total = _find(session, words, 0, by=by)
    if total == 1 and found[0].id is not None:
        return looking.look(session, found[0].id, by=by, now=now), found[0].id
    if total == 0:
        return wording.none_found(words), None
    search = Search(person_id=by.id, words=words, created_at=now)
    session.add(search)
    session.flush()
    _show(session, search, by=by, now=now)
    return None


def _find(session: Session, words: str, page: int, *, by: Member) -> tuple[list[Case], int]:
    """Return one page of what this person may see now, and how many cases there are in all."""
    access.require_right(Right.SEARCH_CASES, by)
    scope, officer = access.branch_scope(by), looking.own_only(by)
    found, total = cases.search(
        session, words, branch_id=scope, officer=officer, limit=pages.SIZE, offset=page * pages.SIZE
    )
    return list(found), total


def _show(session: Session, search: Search, *, by: Member, now: datetime) -> None:
    if by.chat_id is not None and search.id is not None:
        outbox.want_card(session, CardKind.SEARCH, search.id, by.chat_id, lane=Lane.OWN, now=now)


def turn(session: Session, search_id: int, page: int, *, by: Member, now: datetime) -> None:
    """Show another page in place of the one shown."""
    search = session.get(Search, search_id)
    if search is None:
        raise refusals.Gone
    if search.person_id != by.id:
        raise refusals.NotYours
    _found, total = _find(session, search.words, page, by=by)
    search.page = pages.within(page, total)
    session.add(search)
    session.flush()
    _show(session, search, by=by, now=now)


def draw(session: Session, search_id: int) -> Message:
    """Return the page that is shown: only what the person may see now, whatever it was before."""
    search = session.get(Search, search_id)
    assert search is not None
    try:
        return _draw(session, search, people.member(session, search.person_id))
    except refusals.NotYours as refusal:
        return Message(say(refusal.key))


def _draw(session: Session, search: Search, by: Member) -> Message:
    page = search.page
    found, total = _find(session, search.words, page, by=by)
    if not found:  # the list has become shorter
        page = pages.within(page, total)
        found, total = _find(session, search.words, page, by=by)
    if not total:
        return wording.none_found(search.words)
    branched = [(case, looking.branch_of(session, case)) for case in found]
    return wording.found(search, branched, page=page, total=total)
