"""The history is a chain: whatever is changed, removed, inserted or cut off is found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, text, update
from sqlmodel import Session, col, select

from storage import history
from storage.history import BEGINNING, HEAD, Fault, append, verify
from storage.tables import Fact, History, HistoryDetail
from tests.storage import rows


def written(session: Session, acts: int = 5) -> None:
    tam = rows.person(session)
    for number in range(acts):
        append(session, "answer", by=tam, now=rows.NOW, round=1, number=f"{number}/2027", text="đã kê biên")


def faults(session: Session) -> list[Fault]:
    session.expire_all()
    return list(verify(session))


def change(session: Session, place: int, **values: object) -> None:
    session.exec(update(History).where(col(History.seq) == place).values(**values))


def remove(session: Session, seq: int) -> None:
    session.exec(delete(HistoryDetail).where(col(HistoryDetail.seq) == seq))
    session.exec(delete(History).where(col(History.seq) == seq))


def rewrite_from(session: Session, seq: int) -> None:
    """Reckon the chain anew, as a forger would who knows this program."""
    previous = session.get(History, seq - 1)
    for row in session.exec(select(History).where(col(History.seq) >= seq).order_by(col(History.seq))):
        row.previous = previous.digest if previous else BEGINNING
        row.digest = history._digest_row(row)
        previous = row
        session.add(row)
    session.flush()


def test_what_was_written_is_whole(session: Session) -> None:
    assert faults(session) == []
    written(session)
    assert faults(session) == []
    assert history.count(session) == 5


def test_rows_are_numbered_and_chained(session: Session) -> None:
    written(session, 3)
    found = session.exec(select(History).order_by(col(History.seq))).all()
    assert [row.seq for row in found] == [1, 2, 3]
    assert [row.previous for row in found] == [BEGINNING, found[0].digest, found[1].digest]
    assert len({row.details_digest for row in found}) == 3


def test_equal_details_have_unequal_digests(session: Session) -> None:
    """The salt hides purged details from whoever guesses them."""
    for _ in range(2):
        append(session, "receive", by=None, now=rows.NOW)
    first, second = session.exec(select(History)).all()
    assert first.details_digest != second.details_digest


@pytest.mark.parametrize(
    "changed",
    [
        {"act": "accept"},
        {"at": rows.NOW - timedelta(microseconds=1)},
        {"person_id": None},
        {"round": 2},
        {"details_digest": "0" * 64},
    ],
)
@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_changed_row(session: Session, seq: int, changed: dict[str, object]) -> None:
    written(session)
    change(session, seq, **changed)
    assert Fault("changed", seq) in faults(session)


def test_a_changed_row_with_its_digest_reckoned_anew(session: Session) -> None:
    written(session)
    row = session.get(History, 3)
    assert row is not None
    row.act = "accept"
    row.digest = history._digest_row(row)
    session.add(row)
    session.flush()
    assert faults(session) == [Fault("inserted", 4)]


def test_changed_details(session: Session) -> None:
    written(session)
    detail = session.get(HistoryDetail, 2)
    assert detail is not None
    detail.details = {**detail.details, "text": "chưa kê biên"}
    session.add(detail)
    session.flush()
    assert faults(session) == [Fault("details_changed", 2)]


@pytest.mark.parametrize("seq", [1, 3])
def test_a_removed_row(session: Session, seq: int) -> None:
    written(session)
    remove(session, seq)
    assert faults(session) == [Fault("removed", seq)]


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_removed_row_whose_details_stayed(session: Session) -> None:
    """SQLite's own shell checks no foreign keys."""
    written(session)
    raw = session.connection().connection.dbapi_connection
    assert raw is not None
    raw.execute("PRAGMA defer_foreign_keys=ON")
    session.exec(delete(History).where(col(History.seq) == 3))
    assert faults(session) == [Fault("removed", 3)]
    session.exec(delete(History).where(col(History.seq) == 5))
    assert faults(session) == [Fault("removed", 3), Fault("removed", 5), Fault("cut_off", 5)]


def test_an_inserted_row(session: Session) -> None:
    written(session)
    values = session.exec(select(History).where(History.seq == 3)).one().model_dump()
    session.exec(delete(HistoryDetail).where(col(HistoryDetail.seq) >= 3))
    for seq in (5, 4, 3):
        change(session, seq, seq=seq + 1)
    session.add(History(**{**values, "act": "accept"}))
    session.flush()
    found = faults(session)
    assert Fault("changed", 3) in found
    assert found[-1] == Fault("cut_off", 7)


def test_a_row_added_past_the_program(session: Session) -> None:
    written(session)
    last = session.get(History, 5)
    assert last is not None
    forged = History(**{**last.model_dump(), "seq": 6, "previous": last.digest, "act": "withdraw"})
    forged.digest = history._digest_row(forged)
    session.add(forged)
    session.flush()
    assert faults(session) == [Fault("cut_off", 7)]


def test_rows_cut_off_at_the_end(session: Session) -> None:
    written(session)
    remove(session, 5)
    remove(session, 4)
    assert faults(session) == [Fault("cut_off", 4)]


def test_a_history_cut_off_whole(session: Session) -> None:
    written(session)
    for seq in range(1, 6):
        remove(session, seq)
    assert faults(session) == [Fault("cut_off", 1)]


def test_a_chain_rewritten_throughout_loses_the_printed_head(session: Session) -> None:
    """Who rewrites chain and head leaves no fault; that is why the head is printed outside the server."""
    written(session)
    printed = history.short_head(session)
    assert history.has_head(session, printed)
    change(session, 2, act="accept")
    session.expire_all()
    rewrite_from(session, 2)
    last = session.get(History, 5)
    assert last is not None
    session.merge(Fact(key=HEAD, value=f"5:{last.digest}"))
    session.flush()
    assert faults(session) == []
    assert not history.has_head(session, printed)


def test_purged_details_do_not_break_the_chain(session: Session) -> None:
    written(session)
    session.exec(delete(HistoryDetail).where(col(HistoryDetail.seq) <= 3))
    assert faults(session) == []


def test_the_short_head(session: Session) -> None:
    assert history.short_head(session) == "0000-0000"
    written(session, 2)
    last = session.get(History, 2)
    assert last is not None
    short = history.short_head(session)
    assert short == f"{last.digest[:4]}-{last.digest[4:8]}".upper()
    append(session, "receive", by=None, now=rows.NOW)
    assert short != history.short_head(session)
    for typed in (short, short.lower(), short.replace("-", ""), f" {short} "):
        assert history.has_head(session, typed)


@pytest.mark.parametrize("typed", ["", "-", "7", "7F3A", "____-____", "%%%%-%%%%", "7F3A-91C2-0000"])
def test_no_short_head(session: Session, typed: str) -> None:
    written(session)
    assert not history.has_head(session, typed)


def test_the_acts_of_one_inquiry(session: Session) -> None:
    branch, asker = rows.branch(session), rows.person(session)
    case = rows.case(session, branch)
    assert case.id
    first, second = (rows.inquiry(session, case.id, branch, asker, number) for number in (12, 13))
    for one, act in ((first, "ask"), (second, "ask"), (first, "deliver")):
        append(session, act, by=asker, now=rows.NOW, inquiry=one.id, state=one.state)
    session.exec(delete(HistoryDetail).where(col(HistoryDetail.seq) == 3))
    assert first.id
    found = history.of_inquiry(session, first.id)
    assert [(row.act, details) for row, details in found] == [("ask", {"state": "queued"}), ("deliver", {})]


MOMENTS = [
    datetime(2026, 11, 30, 2, 16, tzinfo=UTC),
    datetime(2026, 11, 30, 2, 16, 0, 1, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=7))),
    datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-11, minutes=-30))),
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_moments_come_back_as_they_were(session: Session, moment: datetime) -> None:
    """To the microsecond, aware and in UTC, whatever zone the server lives in."""
    append(session, "ask", by=None, now=moment)
    session.expire_all()
    row = session.exec(select(History)).one()
    assert (row.at, row.at.utcoffset()) == (moment, timedelta(0))
    assert list(verify(session)) == []


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(Exception, match="timezone"):
        rows.person(session, suspended_at=datetime(2026, 11, 30))  # noqa: DTZ001 - the mistake itself


DETAILS: list[Callable[[], object]] = [
    lambda: "Hồ Minh Tâm “150/QĐ” 🙂 \n\t \\ \u2028",
    lambda: {"b": [1, 2.5, None, True], "a": {"ạ": "ậ"}},
    lambda: 9_007_199_254_740_993,
    lambda: 0.1 + 0.2,
]


@pytest.mark.parametrize("make", DETAILS)
def test_details_of_any_plain_kind_hold(session: Session, make: Callable[[], object]) -> None:
    append(session, "ask", by=None, now=rows.NOW, said=make())
    assert faults(session) == []
    assert session.exec(select(HistoryDetail)).one().details == {"said": make()}


def test_the_text_of_a_row_cannot_be_changed_beneath_the_program(session: Session) -> None:
    written(session)
    session.connection().execute(text("UPDATE history SET act = 'accept' WHERE seq = 4"))
    assert faults(session) == [Fault("changed", 4)]


def test_acts_of_a_kind_by_branch_within_a_time(session: Session) -> None:
    ploc, aluoi = rows.branch(session), rows.branch(session, "A Lưới", "ALUOI")
    tam = rows.person(session)
    of_ploc, of_aluoi = (
        rows.inquiry(session, rows.case(session, branch_id).id or 0, branch_id, tam, number).id
        for number, branch_id in enumerate((ploc, aluoi), start=12)
    )
    an_hour = timedelta(hours=1)
    for act, inquiry, ago in (
        ("urge", of_ploc, 3),  # just too early
        ("urge", of_aluoi, 2),
        ("answer", of_ploc, 1),
        ("urge", of_ploc, 1),
        ("urge", of_ploc, 0),
        ("urge", of_aluoi, -1),  # too late
        ("urge", None, 1),  # on no inquiry
    ):
        append(session, act, by=tam, now=rows.NOW - ago * an_hour, inquiry=inquiry, ago=ago)
    found = history.by_branch(session, "urge", rows.NOW - 3 * an_hour, rows.NOW)
    assert found == [(aluoi, {"ago": 2}), (ploc, {"ago": 1}), (ploc, {"ago": 0})]
