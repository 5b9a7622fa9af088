"""The weekly summary: what is counted, who gets it, how often, and who may look."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from bot.operations import documents, figures, inquiries, refusals, summaries, verdicts
from bot.rules.figures import BranchFigures, Figures
from bot.rules.office import Office
from bot.rules.workdays import Calendar
from bot.wording.lengths import strip_tags
from bot.wording.message import Message
from storage import summaries as stored
from storage.kinds import Act, OutboxKind, Role
from storage.people import Member
from storage.tables import CaseView, Inquiry, Outgoing, PersonRole, Summary
from tests.operations.conftest import House, moment

BEFORE, BEGIN, END = (moment(f"16:00 {day}/2026") for day in ("20/11", "27/11", "04/12"))


def count(house: House, **more: Any) -> Figures:
    return figures.count(house.session, BEGIN, END, office=house.office, **more)


def at(house: House, shown: str) -> None:
    house.now = moment(shown)


def sweep(house: House, shown: str = "16:00 04/12/2026") -> None:
    at(house, shown)
    summaries.sweep(house.session, now=house.now, office=house.office)


def firsts(house: House, member: Member) -> list[str]:
    """Return the first lines of the summaries that came new to a person."""
    return [text.split("\n")[0] for text in house.heard(member) if text.startswith("Tổng hợp")]


def rows(house: House) -> list[tuple[int, int]]:
    """Return (person, issue) of every summary kept, in the order in which they were sent."""
    found = house.session.exec(select(Summary).order_by(col(Summary.id)))
    return [(one.person_id, one.issue) for one in found]


def told(messages: list[Message]) -> str:
    return strip_tags("\n".join(message.html for message in messages))


# --- what is counted --------------------------------------------------------------------------


def full_week(house: House) -> None:
    """A week with everything in it: each inquiry is on a case of its own."""
    numbers = iter(range(150, 170))

    def case(branch: str = "PLOC") -> Any:
        return house.case(f"{next(numbers)}/QĐ-CCTHADS", branch)

    at(house, "09:00 23/11/2026")
    old = house.delivered(case())  # 24/11 is a holiday: due 17:00 01/12
    at(house, "08:00 30/11/2026")
    accepted, again, further, awaiting = (house.delivered(case()) for _ in range(4))
    withdrawn = house.delivered(case("ALUOI"))
    house.delivered(case("ALUOI"), by=house.dat)  # due on Monday
    house.queued(case("HUE"))  # no head: held, never due
    at(house, "09:00 01/12/2026")
    for one in (accepted, again, further, awaiting):
        house.answer(one)
    inquiries.withdraw(house.session, withdrawn, "nhầm", by=house.binh, now=house.now)
    at(house, "10:00 01/12/2026")
    verdicts.accept(house.session, accepted, round=1, by=house.binh, now=house.now)
    for one, act in ((again, Act.FIND_INSUFFICIENT), (further, Act.ASK_FURTHER)):
        verdicts.ask_on(
            house.session, one, act, "vì sao", round=1, by=house.binh, now=house.now, office=house.office
        )
    house.send_all()
    at(house, "09:00 04/12/2026")
    house.answer(further)  # due 17:00 03/12: late
    # after the cut-off, hence no figure of this week
    at(house, "08:00 07/12/2026")
    house.answer(old)
    house.delivered(case())


def test_the_figures_of_a_week(house: House) -> None:
    full_week(house)
    week = count(house, reader=house.binh)
    loc, luoi, hue, thuy = week.branches
    assert (loc.code, loc.open, loc.asked, loc.further, loc.insufficient) == ("PLOC", 2, 4, 1, 1)
    assert (loc.answered, loc.timely, loc.awaiting) == (5, 4, 2)
    assert [(one.number, one.days, one.asker) for one in loc.overdue] == [(1, 2, "Bình"), (3, 0, "Bình")]
    assert loc.coming == ()
    assert (luoi.open, luoi.asked, luoi.answered, luoi.overdue) == (1, 2, 0, ())
    assert [(one.number, one.asker, one.round) for one in luoi.coming] == [(7, "Đạt", 1)]
    assert (hue.open, hue.asked, hue.coming) == (1, 1, ())
    assert thuy == BranchFigures("HTHUY", "Hương Thủy")
    assert week.waiting == 2
    assert count(house, reader=house.dat).waiting == 0


def test_the_figures_of_a_branch_are_its_own(house: House) -> None:
    full_week(house)
    whole = count(house)
    assert count(house, branch=house.branch()) == Figures((whole.of("PLOC"),))


def test_the_figures_of_the_week_before(house: House) -> None:
    full_week(house)
    before = figures.count(house.session, BEFORE, BEGIN, office=house.office)
    (loc, *others) = before.branches
    # of the one question of that week nothing is overdue yet
    assert (loc.open, loc.asked, loc.overdue, [one.number for one in loc.coming]) == (1, 1, (), [1])
    assert all(one.is_silent for one in others)


def test_figures_are_kept_as_plain_json(house: House) -> None:
    full_week(house)
    week = count(house, reader=house.binh)
    assert figures.from_plain(figures.to_plain(week)) == week
    older = {"branches": [{"code": "PLOC", "name": "Phú Lộc", "gone": 1}]}
    assert figures.from_plain(older) == Figures((BranchFigures("PLOC", "Phú Lộc"),))


# --- who gets it, and once --------------------------------------------------------------------


def test_everybody_gets_theirs_once(house: House) -> None:
    house.member("Người chưa đăng ký", Role.LEADER, is_enrolled=False)
    house.suspend(house.member("Người tạm ngừng", Role.OBSERVER))
    former = house.member("Chi cục trưởng cũ", Role.HEAD, branch="HUE")
    present = house.member("Chi cục trưởng mới", Role.HEAD, Role.OFFICER, branch="HUE")
    sweep(house)
    sweep(house, "16:01 04/12/2026")
    assert [person for person, _ in rows(house)] == [
        one.id for one in (house.dat, house.binh, house.mai, house.tam, house.son, present)
    ]
    assert {issue for _, issue in rows(house)} == {1}
    title = "Tổng hợp 30/11–04/12"
    for member in (house.dat, house.binh, house.mai):
        assert firsts(house, member) == [f"{title}: 4/4 Chi cục không có chất vấn quá hạn"]
    nothing = "không phát sinh, không có chất vấn đang xử lý."
    assert firsts(house, house.tam) == [f"{title}: Phú Lộc {nothing}"]
    assert firsts(house, present) == [f"{title}: TP Huế {nothing}"]
    for member in (house.huy, house.hoa, former):
        assert firsts(house, member) == []


def test_a_leader_who_heads_a_branch_reads_of_all(house: House) -> None:
    both = house.member("Trần Văn Cả", Role.LEADER, Role.HEAD, branch="HUE")
    sweep(house)
    assert firsts(house, both) == ["Tổng hợp 30/11–04/12: 4/4 Chi cục không có chất vấn quá hạn"]


def test_after_weeks_of_downtime_the_newest_only(house: House) -> None:
    sweep(house, "09:00 30/11/2026")
    sweep(house, "08:00 28/12/2026")
    assert [line.partition(":")[0] for line in firsts(house, house.binh)] == ["Tổng hợp 21/12–25/12"]


def test_neither_a_clock_set_back_nor_another_hour_sends_twice(house: House) -> None:
    sweep(house, "16:00 11/12/2026")
    house.hush()
    sweep(house, "16:00 04/12/2026")
    house.office = Office(summary_time=moment("17:00 11/12/2026").time())
    sweep(house, "18:00 11/12/2026")
    assert firsts(house, house.binh) == []


def test_the_first_sweep_after_an_upgrade_sends_nothing_of_the_week_before(house: House) -> None:
    sweep(house, "03:00 06/12/2026")
    assert rows(house) == []
    sweep(house, "16:00 11/12/2026")
    assert len(rows(house)) == 5


@pytest.mark.parametrize(
    ("role", "branch", "line"),
    [
        (Role.HEAD, "HUE", "TP Huế không phát sinh, không có chất vấn đang xử lý."),
        (Role.LEADER, None, "4/4 Chi cục không có chất vấn quá hạn"),
        (Role.OBSERVER, None, "4/4 Chi cục không có chất vấn quá hạn"),
    ],
)
def test_who_became_a_reader_after_the_cutoff_waits_for_the_next(
    house: House, role: Role, branch: str | None, line: str
) -> None:
    """An officer who has long been enrolled is made head on a Tuesday."""
    officer = house.member("Trần Thị Mới", Role.OFFICER, branch=branch)
    sweep(house)
    at(house, "09:00 08/12/2026")
    house.session.add(PersonRole(person_id=officer.id, role=role, named_at=house.now))
    sweep(house, "09:01 08/12/2026")
    assert firsts(house, officer) == []
    sweep(house, "16:00 11/12/2026")
    assert firsts(house, officer) == [f"Tổng hợp 07/12–11/12: {line}"]


def test_who_moved_to_another_phone_still_gets_it(house: House) -> None:
    assert house.tam.account is not None
    house.tam.account.unbound_at = moment("12:00 04/12/2026")
    house.session.add(house.tam.account)
    sweep(house)
    at(house, "08:00 07/12/2026")
    house.bind(house.tam.id)
    sweep(house, "08:01 07/12/2026")
    assert len(firsts(house, house.again(house.tam))) == 1


def test_the_week_before_is_as_it_was_sent(house: House) -> None:
    sweep(house, "16:00 27/11/2026")  # nobody had enrolled
    assert rows(house) == []
    sweep(house)
    kept = stored.of_cutoff(house.session, END, None)
    assert kept is not None
    late = BranchFigures("PLOC", "Phú Lộc", answered=10, timely=7)
    kept.figures = figures.to_plain(Figures((late,)))
    house.session.add(kept)
    house.hush()
    sweep(house, "16:00 11/12/2026")
    assert "Trả lời 0 (tuần trước 7/10) · hỏi mới 0" in house.heard(house.binh)[0]


# --- what goes wrong --------------------------------------------------------------------------


def broken(*_: object) -> None:
    raise ZeroDivisionError("chi tiết không được lộ")


def test_one_that_fails_blocks_nobody_and_is_told_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: Callable[..., Figures] = figures.count

    def fails_for_tam(*args: Any, reader: Member | None = None, **more: Any) -> Figures:
        return broken() if reader and reader.id == house.tam.id else counted(*args, reader=reader, **more)  # type: ignore[func-returns-value, return-value]

    with monkeypatch.context() as patched:
        patched.setattr(figures, "count", fails_for_tam)
        sweep(house)
        sweep(house, "16:01 04/12/2026")
    assert house.heard(house.hoa) == [
        "❗ Tổng hợp 30/11–04/12 chưa gửi được cho 1 người\n"
        "Lỗi: ZeroDivisionError. Hệ thống thử lại mỗi phút; nhật ký của chương trình ghi đủ chi tiết."
    ]
    assert len(firsts(house, house.binh)) == len(firsts(house, house.son)) == 1
    sweep(house, "16:02 04/12/2026")
    assert len(firsts(house, house.tam)) == 1
    with monkeypatch.context() as patched:
        patched.setattr(figures, "count", fails_for_tam)
        sweep(house, "16:00 11/12/2026")
    assert len(house.heard(house.hoa)) == 1  # another cut-off


def test_a_calendar_without_a_cutoff_is_told_once_a_day(house: House) -> None:
    """Else it would fail every minute, into the log alone."""
    house.office = Office(calendar=Calendar(weekdays=frozenset({5})))
    for shown in ("16:00 04/12/2026", "23:00 04/12/2026", "08:00 05/12/2026"):
        sweep(house, shown)
    said = (
        "❗ Tổng hợp tuần chưa gửi được: lịch không có ngày làm việc để chốt\n"
        "Đề nghị sửa mục [calendar] trong cấu hình rồi khởi động lại hệ thống; hệ thống nhắc lại mỗi ngày."
    )
    assert house.heard(house.hoa) == [said, said]


def test_trouble_of_the_database_is_not_the_summarys(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> Figures:
        raise OperationalError("", {}, Exception("database is locked"))

    monkeypatch.setattr(figures, "count", locked)
    with pytest.raises(OperationalError):
        sweep(house)


# --- again ------------------------------------------------------------------------------------


def repeat(house: House) -> int:
    return summaries.repeat(house.session, END, now=house.now, office=house.office)


def test_it_is_repeated_as_it_was_sent(house: House) -> None:
    inquiry = house.delivered()
    sweep(house)
    (first,) = (text for text in house.heard(house.tam) if text.startswith("Tổng hợp"))
    at(house, "10:00 07/12/2026")
    house.answer(inquiry)
    house.hush()
    line, *others = first.split("\n")
    for _ in range(2):
        assert repeat(house) == 5
        assert house.heard(house.tam) == ["\n".join([f"{line} (gửi lại)", *others])]
    assert [issue for person, issue in rows(house) if person == house.tam.id] == [1, 2, 3]


def test_who_was_sent_nothing_or_heads_another_branch_gets_what_would_have_been(house: House) -> None:
    sweep(house)
    house.tam.person.branch_id = house.branch("HUE").id
    house.session.add(house.tam.person)
    at(house, "09:00 07/12/2026")
    late = house.member("Lê Thị Mới", Role.OBSERVER)
    house.hush()
    assert repeat(house) == 6
    mark = "không phát sinh, không có chất vấn đang xử lý. (gửi lại)"
    assert house.heard(house.tam) == [f"Tổng hợp 30/11–04/12: TP Huế {mark}"]
    assert firsts(house, late) == ["Tổng hợp 30/11–04/12: 4/4 Chi cục không có chất vấn quá hạn (gửi lại)"]
    assert rows(house)[-1][1] == 2
    sweep(house, "09:01 07/12/2026")
    assert house.heard(late) == []


def test_before_anybody_had_enrolled_there_was_none(house: House) -> None:
    at(house, "09:00 07/12/2026")
    with pytest.raises(summaries.NoneSent):
        summaries.repeat(house.session, BEGIN, now=house.now, office=house.office)
    at(house, "09:00 30/11/2026")
    assert summaries.repeat(house.session, BEGIN, now=house.now, office=house.office) == 5


# --- on being asked ---------------------------------------------------------------------------


def present(house: House, by: Member, branch: str | None = None) -> str:
    branch_id = house.branch(branch).id if branch else None
    return told(summaries.present(house.session, branch_id, by=by, now=house.now, office=house.office))


def sent(house: House, day: date, by: Member) -> str:
    return told(summaries.sent(house.session, day, by=by, now=house.now, office=house.office))


def test_as_things_stand(house: House) -> None:
    house.delivered()
    assert present(house, house.mai).startswith("Tổng hợp 30/11 (tính đến 09:16 30/11): 4/4 Chi cục")
    assert present(house, house.tam).startswith("Tổng hợp 30/11 (tính đến 09:16 30/11): Phú Lộc\n")
    assert "/xem_1" in present(house, house.binh, "PLOC")
    assert rows(house) == []
    for by, branch in ((house.tam, "ALUOI"), (house.huy, None), (house.hoa, None)):
        with pytest.raises(refusals.NotYours):
            present(house, by, branch)
    with pytest.raises(refusals.Gone):
        summaries.present(house.session, 999, by=house.binh, now=house.now, office=house.office)


def test_what_was_sent_then(house: House) -> None:
    sweep(house)
    at(house, "16:00 11/12/2026")
    for day in (4, 6, 10):
        assert sent(house, date(2026, 12, day), house.binh).startswith("Tổng hợp 30/11–04/12")
    with pytest.raises(summaries.NoneSent):  # the sweep of today has not come yet
        sent(house, date(2026, 12, 11), house.binh)
    with pytest.raises(summaries.NotYet):
        sent(house, date(2026, 12, 12), house.binh)
    with pytest.raises(summaries.NoneSent):
        sent(house, date(2026, 12, 3), house.binh)


def test_a_head_who_moved_reads_the_old_branch_no_more(house: House) -> None:
    sweep(house)
    house.tam.person.branch_id = house.branch("HUE").id
    house.session.add(house.tam.person)
    with pytest.raises(refusals.NotYours):
        sent(house, date(2026, 12, 4), house.again(house.tam))


def test_which_branch_is_named(house: House) -> None:
    def named(words: str, by: Member) -> int | None:
        return summaries.branch_named(house.session, words, by=by)

    assert named("", house.binh) is None
    assert named("", house.tam) == named("phu loc", house.mai) == house.branch().id
    with pytest.raises(summaries.UnknownBranch):
        named("nam dinh", house.binh)
    with pytest.raises(refusals.NotYours):
        named("", house.huy)


def test_what_waits(house: House) -> None:
    nothing = "Không có việc chờ đồng chí"

    def tasks(by: Member) -> str:
        return told(summaries.tasks(house.session, by=by, now=house.now))

    assert tasks(house.binh) == tasks(house.tam) == tasks(house.mai) == nothing
    house.queued(house.case("150/QĐ-CCTHADS"))  # no deadline yet
    assert tasks(house.tam) == "1 chất vấn chờ đồng chí trả lời\n1/2027 · Phú Lộc /traloi_1"
    house.answered(house.case("151/QĐ-CCTHADS"))
    assert tasks(house.binh).split("\n")[0] == "1 trả lời chờ ý kiến đồng chí"
    assert tasks(house.dat) == nothing
    with pytest.raises(refusals.NotYours):
        tasks(house.huy)


def test_urging_what_is_overdue(house: House) -> None:
    def urge(by: Member, branch: str | None = None) -> str:
        branch_id = house.branch(branch).id if branch else None
        return summaries.urge_overdue(house.session, branch_id, by=by, now=house.now, office=house.office)

    for number, branch in ((150, "PLOC"), (151, "PLOC"), (152, "ALUOI")):
        house.delivered(house.case(f"{number}/QĐ-CCTHADS", branch))
    assert urge(house.dat) == "Hiện không có chất vấn quá hạn cần đôn đốc."
    at(house, "09:00 08/12/2026")
    house.hush()
    assert urge(house.dat, "PLOC") == "Đã đôn đốc 2 chất vấn quá hạn."
    assert urge(house.dat) == ("Đã đôn đốc 1 chất vấn quá hạn. 2 chất vấn vừa được đôn đốc, chưa nhắc lại.")
    assert len(house.heard(house.tam)) == len(house.heard(house.son)) == 1
    for by in (house.tam, house.mai):
        with pytest.raises(refusals.NotYours):
            urge(by)


# --- the workbook -----------------------------------------------------------------------------


def drawn(house: House, summary_id: int, branch: str | None, by: Member) -> dict[str, list[list[Any]]]:
    """Return the sheets of the workbook that a press queues."""
    branch_id = house.branch(branch).id if branch else None
    assert by.chat_id is not None
    documents.want_workbook(
        house.session, summary_id, branch_id, by=by, chat_id=by.chat_id, now=house.now, office=house.office
    )
    row = house.session.exec(select(Outgoing).where(Outgoing.kind == OutboxKind.DOCUMENT)).all()[-1]
    document = documents.draw(house.session, row.payload, office=house.office)
    book = CalamineWorkbook.from_filelike(io.BytesIO(document.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def column(sheet: list[list[Any]], heading: str) -> list[Any]:
    return [row[sheet[0].index(heading)] for row in sheet[1:]]


def test_the_workbook_of_a_week_stays_that_weeks(house: House) -> None:
    sweep(house, "08:00 23/11/2026")
    full_week(house)
    sweep(house, "08:01 07/12/2026")
    kept = stored.newest(house.session, house.binh.id)
    assert kept is not None
    found = drawn(house, kept.id or 0, None, house.binh)
    assert column(found["Tổng hợp"], "Đơn vị") == ["Phú Lộc", "A Lưới", "TP Huế", "Hương Thủy", "Cộng"]
    assert column(found["Tổng hợp"], "Đang xử lý") == [2, 1, 1, 0, 4]
    assert column(found["Quá hạn"], "Số chất vấn") == ["1/2027", "3/2027"]
    assert column(found["Quá hạn"], "Quá hạn (ngày làm việc)") == [2, 0]
    assert column(found["Đang xử lý"], "Số chất vấn") == ["1/2027", "3/2027", "7/2027", "8/2027"]
    assert column(found["Đang xử lý"], "Tình trạng") == ["Đã chuyển"] * 3 + ["Chưa chuyển"]
    views = house.session.exec(select(CaseView.inquiry_id).where(CaseView.person_id == house.binh.id)).all()
    assert len(views) == 4


def test_the_workbook_of_now_and_of_one_branch(house: House) -> None:
    house.received()
    for by, branch in ((house.binh, "PLOC"), (house.tam, None)):
        found = drawn(house, 0, branch, by)
        assert column(found["Tổng hợp"], "Đơn vị") == ["Phú Lộc"]
        assert column(found["Đang xử lý"], "Tình trạng") == ["Đã nhận"]
    assert column(drawn(house, 0, None, house.mai)["Tổng hợp"], "Đang xử lý") == [1, 0, 0, 0, 1]


def test_a_recorded_branchs_workbook(house: House) -> None:
    house.delivered()
    sweep(house)
    kept = stored.newest(house.session, house.tam.id)
    assert kept is not None
    assert column(drawn(house, kept.id or 0, None, house.tam)["Tổng hợp"], "Đơn vị") == ["Phú Lộc"]
    for by in (house.son, house.binh, house.huy):
        with pytest.raises(refusals.NotYours):
            drawn(house, kept.id or 0, None, by)
    with pytest.raises(refusals.Gone):
        drawn(house, 999, None, house.binh)


def test_every_inquiry_has_its_rounds(house: House) -> None:
    """What is counted from has no holes: an inquiry without a round could not be counted."""
    full_week(house)
    alive = stored.alive_between(house.session, BEGIN, END)
    assert len(alive) == 8
    everything = house.session.exec(select(Inquiry)).all()
    assert len(everything) == 9
