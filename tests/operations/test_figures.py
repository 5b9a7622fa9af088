"""The figures on urging (R2): what a branch's summary says of its head, then and now, and in the workbook."""

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import select

from bot.operations import documents, figures, summaries, urging
from bot.rules.figures import BranchFigures
from bot.wording.lengths import strip_tags
from storage.kinds import OutboxKind
from storage.people import Member
from storage.tables import Outgoing
from tests.operations.conftest import House, moment

BEGIN, END = moment("16:00 27/11/2026"), moment("16:00 04/12/2026")


@pytest.fixture
def urged(house: House) -> House:
    """Three officers but the head: Huy was urged twice in the 30 days, Lan once, Nam before them only."""
    cases = {
        officer: house.case(f"{number}/QĐ-CCTHADS", officer=officer)
        for number, officer in enumerate(("Lê Quang Huy", "Trần Lan", "Võ Nam", "Hồ Minh Tâm"), start=150)
    }
    house.at("15:00 04/11/2026")
    for officer, shown in (
        ("Võ Nam", "16:00 04/11/2026"),  # 30 days before the cut-off, to the minute
        ("Lê Quang Huy", "16:01 04/11/2026"),
        ("Trần Lan", "09:00 16/11/2026"),
        ("Lê Quang Huy", "15:59 04/12/2026"),
    ):
        house.at("15:00 04/11/2026")
        inquiry = house.delivered(cases[officer])
        house.at(shown)
        urging.urge(house.session, inquiry, by=house.tam, now=house.now, office=house.office)
    house.at("16:00 04/12/2026")
    house.hush()
    return house


def of_loc(house: House, **more: Any) -> BranchFigures:
    week = figures.count(house.session, BEGIN, END, office=house.office, **more)
    return week.of("PLOC")


def test_the_urging_of_the_last_thirty_days(urged: House) -> None:
    loc = of_loc(urged)
    assert (loc.urged, loc.officers, loc.urged_officers, loc.unurged) == (3, 3, 2, ("Võ Nam",))
    assert of_loc(urged, branch=urged.branch()) == loc


def test_other_branches_have_their_own(urged: House) -> None:
    urged.case("9/QĐ-CCTHADS", "ALUOI", officer="Phan Văn Bé")
    week = figures.count(urged.session, BEGIN, END, office=urged.office)
    luoi, hue = week.of("ALUOI"), week.of("HUE")
    assert (luoi.urged, luoi.officers, luoi.unurged) == (0, 1, ("Phan Văn Bé",))
    assert (hue.urged, hue.officers, hue.unurged) == (0, 0, ())
    assert (week.whole.urged, week.whole.officers) == (3, 4)


def line(text: str) -> str:
    (found,) = [line for line in text.split("\n") if line.startswith("Đôn đốc")]
    return found


def test_the_summary_says_so_and_keeps_it(urged: House) -> None:
    summaries.sweep(urged.session, now=urged.now, office=urged.office)
    said = "Đôn đốc 30 ngày qua: 3 lượt, 2/3 CHV; chưa có: đ/c Nam"
    (sent,) = (text for text in urged.heard(urged.tam) if text.startswith("Tổng hợp"))
    assert line(sent) == said
    urged.at("09:00 08/12/2026")
    [nam] = [
        one.inquiry
        for one, _times in urging.of_officers(urged.session, urged.tam)
        if one.case.officer_name == "Võ Nam"
    ]
    urging.urge(urged.session, nam, by=urged.tam, now=urged.now, office=urged.office)
    urged.case("159/QĐ-CCTHADS", officer="Người Mới")
    then = summaries.sent(urged.session, END.date(), by=urged.tam, now=urged.now, office=urged.office)
    assert [strip_tags(message.html) for message in then] == [sent]
    for by, branch_id in ((urged.tam, None), (urged.binh, urged.branch().id)):
        now = summaries.present(urged.session, branch_id, by=by, now=urged.now, office=urged.office)
        assert line(strip_tags(now[0].html)) == ("Đôn đốc 30 ngày qua: 3 lượt, 3/4 CHV; chưa có: đ/c Mới")


def test_the_summary_of_all_branches_has_no_such_line(urged: House) -> None:
    [message, *_] = summaries.present(urged.session, None, by=urged.binh, now=urged.now, office=urged.office)
    assert "30 ngày" not in message.html


def summed(house: House, by: Member) -> list[dict[str, Any]]:
    """Return the first sheet of the present workbook, a row each."""
    assert by.chat_id is not None
    documents.want_workbook(
        house.session, 0, None, by=by, chat_id=by.chat_id, now=house.now, office=house.office
    )
    row = house.session.exec(select(Outgoing).where(Outgoing.kind == OutboxKind.DOCUMENT)).all()[-1]
    content = documents.draw(house.session, row.payload, office=house.office).content
    heading, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def test_the_workbook_has_it_for_each_branch(urged: House) -> None:
    wanted = ("Đơn vị", "Đôn đốc CHV 30 ngày (lượt)", "Số CHV", "CHV chưa được đôn đốc")
    found = [[row[name] for name in wanted] for row in summed(urged, urged.binh)]
    assert found == [
        ["Phú Lộc", 3, 3, 1],
        ["A Lưới", 0, 0, 0],
        ["TP Huế", 0, 0, 0],
        ["Hương Thủy", 0, 0, 0],
        ["Cộng", 3, 3, 1],
    ]
    assert [row["Đơn vị"] for row in summed(urged, urged.tam)] == ["Phú Lộc"]
