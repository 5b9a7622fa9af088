"""Who is who: roles, live accounts, heads, codes."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from storage import people
from storage.kinds import Role
from storage.tables import Account, Invitation, Person, WrongTry
from tests.storage import rows
from tests.storage.rows import A_MINUTE, NOW


def unbind(session: Session, telegram_id: int) -> None:
    for account in session.exec(select(Account).where(Account.telegram_id == telegram_id)):
        account.unbound_at = NOW
        session.add(account)
    session.flush()


def suspend(session: Session, person_id: int) -> None:
    person = session.get(Person, person_id)
    assert person is not None
    person.suspended_at = NOW
    session.add(person)
    session.flush()


def test_a_member_with_all_that_is_known(session: Session) -> None:
    ploc = rows.branch(session)
    tam = rows.person(
        session, "Hồ Minh Tâm", Role.HEAD, Role.OFFICER, branch_id=ploc, telegram_id=7_000_000_000
    )
    member = people.member(session, tam)
    assert member.branch is not None
    assert (member.id, member.chat_id, member.branch.code) == (tam, 7_000_000_000, "PLOC")
    assert member.roles == {Role.HEAD, Role.OFFICER}
    assert all(isinstance(role, Role) for role in member.roles)
    assert member.has(Role.LEADER, Role.OFFICER)
    assert not member.has(Role.LEADER)
    assert member.is_active


def test_a_member_of_whom_little_is_known(session: Session) -> None:
    member = people.member(session, rows.person(session))
    assert (member.branch, member.account, member.chat_id, member.roles) == (None, None, None, frozenset())


def test_nobody(session: Session) -> None:
    with pytest.raises(LookupError):
        people.member(session, 404)
    assert people.by_telegram_id(session, 404) is None
    assert people.find(session, "Hồ Minh Tâm", None) is None
    assert people.chief(session) is None
    assert people.chief_id(session) is None
    assert people.head_ids(session) == {}


def test_an_account_is_known_while_it_is_bound(session: Session) -> None:
    tam = rows.person(session, "Hồ Minh Tâm", telegram_id=7)
    found = people.by_telegram_id(session, 7)
    assert found is not None
    assert found.id == tam
    unbind(session, 7)
    assert people.by_telegram_id(session, 7) is None
    assert people.member(session, tam).account is None


def test_an_account_that_changed_hands(session: Session) -> None:
    rows.person(session, "Hồ Minh Tâm", telegram_id=7)
    unbind(session, 7)
    hoa = rows.person(session, "Lê Thị Hoa", telegram_id=7)
    found = people.by_telegram_id(session, 7)
    assert found is not None
    assert found.id == hoa


def test_a_suspended_person_is_known_and_told_nothing(session: Session) -> None:
    tam = rows.person(session, "Hồ Minh Tâm", Role.HEAD, telegram_id=7)
    suspend(session, tam)
    found = people.by_telegram_id(session, 7)
    assert found is not None
    assert (found.is_active, found.chat_id) == (False, None)
    assert people.members_with(session, Role.HEAD) == []


def test_people_of_a_role_and_branch_longest_in_the_system_first(session: Session) -> None:
    ploc, aluoi = rows.branch(session), rows.branch(session, "A Lưới", "ALUOI")
    son = rows.person(session, "Lê Văn Sơn", Role.HEAD, branch_id=aluoi)
    tam = rows.person(session, "Hồ Minh Tâm", Role.HEAD, Role.OFFICER, branch_id=ploc)
    huy = rows.person(session, "Lê Quang Huy", Role.OFFICER, branch_id=ploc)
    assert [one.id for one in people.members_with(session, Role.HEAD)] == [son, tam]
    assert [one.id for one in people.members_with(session, Role.OFFICER, ploc)] == [tam, huy]
    assert people.members_with(session, Role.LEADER) == []


def test_the_head_is_the_one_named_last(session: Session) -> None:
    ploc, aluoi = rows.branch(session), rows.branch(session, "A Lưới", "ALUOI")
    assert people.head_of(session, ploc) is None
    old = rows.person(session, "Hồ Minh Tâm", Role.HEAD, branch_id=ploc)
    new = rows.person(session, "Lê Thị Hoa", Role.HEAD, branch_id=ploc)
    rows.person(session, "Lê Văn Sơn", Role.HEAD, branch_id=aluoi)
    head = people.head_of(session, ploc)
    assert head is not None
    assert head.id == new
    suspend(session, new)
    head = people.head_of(session, ploc)
    assert head is not None
    assert head.id == old


def test_named_last_is_not_known_longest(session: Session) -> None:
    """Somebody long in the system may be named after one who came later."""
    ploc, aluoi = rows.branch(session), rows.branch(session, "A Lưới", "ALUOI")
    rows.branch(session, "TP Huế", "HUE")
    hoa = rows.person(session, "Lê Thị Hoa", Role.HEAD, branch_id=ploc)
    rows.person(session, "Hồ Minh Tâm", Role.HEAD, branch_id=ploc, named_at=NOW - A_MINUTE)
    son = rows.person(session, "Lê Văn Sơn", Role.HEAD, branch_id=aluoi)
    rows.person(session, "Không Đơn Vị", Role.HEAD)
    heads = [people.head_of(session, branch_id) for branch_id in (ploc, aluoi)]
    assert [head.id if head else None for head in heads] == [hoa, son]
    assert people.head_ids(session) == {ploc: hoa, aluoi: son}


def test_the_chief_is_one_of_the_leaders(session: Session) -> None:
    rows.person(session, "Trần Văn Bình", Role.LEADER)
    dat = rows.person(session, "Nguyễn Hữu Đạt", Role.LEADER, is_chief=True)
    rows.person(session, "Trước Đây", Role.LEADER, is_chief=True, named_at=NOW - A_MINUTE)
    chief = people.chief(session)
    assert chief is not None
    assert chief.id == people.chief_id(session) == dat
    suspend(session, dat)
    assert people.chief_id(session) == dat + 1


def test_only_active_people_with_an_account_can_be_reached(session: Session) -> None:
    tam = rows.person(session, "Hồ Minh Tâm", telegram_id=7)
    rows.person(session, "Lê Thị Hoa")
    for telegram_id in (8, 9):
        rows.person(session, f"người {telegram_id}", telegram_id=telegram_id)
    unbind(session, 8)
    found = people.by_telegram_id(session, 9)
    assert found is not None
    suspend(session, found.id)
    assert people.reachable_ids(session) == {tam}


def test_a_person_is_found_by_name_and_branch(session: Session) -> None:
    ploc = rows.branch(session)
    here, there = rows.person(session, "Lê Thị Hoa", branch_id=ploc), rows.person(session, "Lê Thị Hoa")
    for branch_id, expected in ((ploc, here), (None, there)):
        found = people.find(session, "Lê Thị Hoa", branch_id)
        assert found is not None
        assert found.id == expected
    suspend(session, here)
    assert people.find(session, "Lê Thị Hoa", ploc) is None


def test_how_many_have_not_enrolled(session: Session) -> None:
    rows.person(session, "một", telegram_id=1)
    rows.person(session, "hai")
    rows.person(session, "ba", telegram_id=3)
    suspend(session, rows.person(session, "bốn"))
    assert people.count_unbound(session) == (1, 3)
    unbind(session, 3)
    assert people.count_unbound(session) == (2, 3)


def test_everyone_is_everyone_in_order(session: Session) -> None:
    ids = [rows.person(session, name) for name in ("một", "hai", "ba")]
    suspend(session, ids[0])
    assert [one.id for one in people.everyone(session)] == ids


def test_codes(session: Session) -> None:
    tam, hoa = rows.person(session, "Hồ Minh Tâm"), rows.person(session, "Lê Thị Hoa")
    for person_id, digest, used_at in ((tam, "a", NOW), (tam, "b", None), (hoa, "c", None)):
        rows.add(
            session,
            Invitation(
                person_id=person_id, code_digest=digest, created_at=NOW, expires_at=NOW, used_at=used_at
            ),
        )
    found = people.invitation(session, "b")
    assert found is not None
    assert found.person_id == tam
    assert people.invitation(session, "d") is None
    assert [one.code_digest for one in people.open_invitations(session, tam)] == ["b"]


def test_wrong_tries_are_counted_within_their_time(session: Session) -> None:
    for telegram_id, ago in ((7, 0), (7, 59), (7, 60), (7, 61), (8, 1)):
        rows.add(session, WrongTry(telegram_id=telegram_id, tried_at=NOW - ago * A_MINUTE))
    assert people.count_wrong_tries(session, 7, NOW - timedelta(hours=1)) == 2
