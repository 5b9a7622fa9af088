"""The weekly summary word for word: of all branches, of one, and when all is well."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest
from markupsafe import Markup

from bot.rules.dates import HANOI
from bot.rules.figures import BranchFigures, Figures, Named
from bot.rules.office import PROFILES, Office
from bot.wording.lengths import visible_length
from bot.wording.summaries import Digest, buttons, messages, repeated, text


def at(shown: str) -> datetime:
    return datetime.strptime(shown, "%H:%M %d/%m/%Y").replace(tzinfo=HANOI)


def named(number: int, due: str, days: int = 0, asker: str = "Bình") -> Named:
    return Named(number, number, 2027, 1, asker, at(due), days)


LATE = (named(7, "17:00 30/11/2026", 4, "Đạt"), named(10, "17:00 03/12/2026", 1))
COMING = (named(12, "17:00 07/12/2026"), named(14, "17:00 10/12/2026"))
LOC = BranchFigures(
    "PLOC", "Phú Lộc", open=5, overdue=LATE, coming=COMING, awaiting=1, asked=3, answered=4, timely=2
)
WEEK = Figures(
    (
        BranchFigures("HTHUY", "Hương Thủy"),
        BranchFigures("HTRA", "Hương Trà", open=1, answered=1, timely=1),
        BranchFigures("PDIEN", "Phong Điền"),
        BranchFigures("QDIEN", "Quảng Điền"),
        BranchFigures("PVANG", "Phú Vang", open=3, answered=2, timely=2, asked=2, insufficient=1),
        BranchFigures("HUE", "TP Huế", open=3, answered=3, timely=3, asked=4, further=2),
        LOC,
        BranchFigures("NDONG", "Nam Đông"),
        BranchFigures(
            "ALUOI", "A Lưới", open=2, overdue=(named(9, "17:00 03/12/2026", 1),), answered=1, timely=1
        ),
    ),
    waiting=2,
)
BEFORE = Figures(
    (
        BranchFigures("HUE", "TP Huế", answered=3),
        BranchFigures("PVANG", "Phú Vang", answered=3, timely=3),
        BranchFigures("PLOC", "Phú Lộc", overdue=LATE, answered=3, timely=3),
        BranchFigures("ALUOI", "A Lưới", answered=1, timely=1),
    )
)
DIGEST = Digest(
    WEEK,
    BEFORE,
    at("16:00 27/11/2026"),
    at("16:00 04/12/2026"),
    Office(),
    imported_on=date(2026, 11, 27),
    check="7F3A-91C2",
)
OF_ONE = replace(
    DIGEST,
    week=Figures((LOC,)),
    before=Figures((BEFORE.of("PLOC"),)),
    branch="Phú Lộc",
    for_head=True,
    check="",
)

DEPARTMENT = """\
<b>Tổng hợp 30/11–04/12: 7/9 Chi cục không có chất vấn quá hạn</b>
❗ <b>Quá hạn 3</b> (tuần trước 2): Phú Lộc 2, A Lưới 1
<b>Chờ đồng chí 2</b>: 2 trả lời

Trả lời 11, đúng hạn 9 (tuần trước 7/10) · hỏi mới 9
Đang xử lý 14 · hỏi thêm 2 · chưa đạt yêu cầu 1

<b>Quá hạn</b>
Phú Lộc 7/2027 · 4 ngày làm việc · đ/c Đạt hỏi /xem_7
Phú Lộc 10/2027 · 1 ngày làm việc · đ/c Bình hỏi /xem_10
A Lưới 9/2027 · 1 ngày làm việc · đ/c Bình hỏi /xem_9

<b>Đơn vị</b> (đang xử lý; đúng hạn trong tuần)
Phú Lộc 5; 2/4 ▼
A Lưới 2; 1/1
Phú Vang 3; 2/2
TP Huế 3; 3/3 ▲
Hương Trà 1; 1/1
Không phát sinh: Hương Thủy, Phong Điền, Quảng Điền, Nam Đông

<i>Số liệu từ 16:00 27/11 đến 16:00 04/12/2026 · vụ việc nhập 27/11 · mã kiểm tra 7F3A-91C2</i>"""

ONE = """\
<b>Tổng hợp 30/11–04/12: Phú Lộc</b>
❗ <b>Quá hạn 2</b>: 7/2027 (4 ngày làm việc) /traloi_7 · 10/2027 (1 ngày) /traloi_10
<b>Tuần sau đến hạn 2</b>: 12/2027 thứ Hai /xem_12 · 14/2027 thứ Năm /xem_14

Được hỏi 3 · trả lời 4, đúng hạn 2 (tuần trước 3/3)
Chờ lãnh đạo: 1 trả lời chưa có ý kiến

<i>Số liệu từ 16:00 27/11 đến 16:00 04/12/2026 · vụ việc nhập 27/11</i>"""


def test_of_all_branches() -> None:
    assert text(DIGEST) == DEPARTMENT


def test_a_long_list_is_cut_and_says_how_many_are_left() -> None:
    many = tuple(named(number, "17:00 03/12/2026", 1) for number in range(1, 501))
    digest = replace(DIGEST, week=replace(WEEK, branches=(replace(LOC, overdue=many),)))
    shown = text(digest).split("\n\n")[2].split("\n")
    assert shown[1].startswith("Phú Lộc 1/2027 ")
    assert shown[20].startswith("Phú Lộc 20/2027 ")
    assert shown[21:] == ["và 480 chất vấn khác: /quahan"]
    assert len(messages(text(digest), ())) == 1


def test_of_one_branch() -> None:
    assert text(OF_ONE) == ONE


def test_all_clear() -> None:
    clear = replace(
        DIGEST, week=Figures((BranchFigures("HUE", "TP Huế", open=1, asked=1),)), imported_on=None
    )
    assert text(clear) == (
        "<b>Tổng hợp 30/11–04/12: 1/1 Chi cục không có chất vấn quá hạn</b>\n"
        "Không có chất vấn quá hạn (tuần trước 2)\n"
        "Không có việc chờ đồng chí\n\n"
        "Trả lời 0 (tuần trước 7/10) · hỏi mới 1\n"
        "Đang xử lý 1 · hỏi thêm 0 · chưa đạt yêu cầu 0\n\n"
        "<b>Đơn vị</b> (đang xử lý; đúng hạn trong tuần)\n"
        "TP Huế 1; —\n\n"
        "<i>Số liệu từ 16:00 27/11 đến 16:00 04/12/2026 · mã kiểm tra 7F3A-91C2</i>"
    )


def one(branch: BranchFigures, *, is_live: bool = False, for_head: bool = True) -> Sequence[str]:
    digest = replace(OF_ONE, week=Figures((branch,)), is_live=is_live, for_head=for_head)
    return text(digest).split("\n")


def test_all_clear_of_one_branch() -> None:
    idle = replace(LOC, open=0, overdue=(), coming=(), further=1, insufficient=2)
    assert one(idle)[1:5] == [
        "Không có chất vấn quá hạn (tuần trước 2)",
        "Không có việc chờ đồng chí",
        "",
        "Được hỏi 3 · trả lời 4, đúng hạn 2 (tuần trước 3/3) · hỏi thêm 1 · chưa đạt yêu cầu 2",
    ]
    assert one(idle, for_head=False)[2] == "Tuần sau không có chất vấn đến hạn"
    assert one(idle, for_head=False, is_live=True)[2] == "Không có chất vấn sắp đến hạn"
    assert one(replace(idle, open=1))[2] == "Tuần sau không có chất vấn đến hạn"


@pytest.mark.parametrize(
    ("urged", "officers", "unurged", "line"),
    [
        (6, 4, ("Trần Văn Nam",), "6 lượt, 3/4 CHV; chưa có: đ/c Nam"),
        (6, 4, (), "6 lượt, 4/4 CHV"),
        (0, 2, ("Võ Lan", "Trần Nam"), "0 lượt, 0/2 CHV; chưa có: đ/c Lan, Nam"),
        (
            1,
            6,
            ("Bé", "Lê Hoa", "Võ Lan", "Mai", "Nam"),
            "1 lượt, 1/6 CHV; chưa có: đ/c Bé, Hoa, Lan và 2 đ/c",
        ),
    ],
)
def test_how_the_head_urges(urged: int, officers: int, unurged: tuple[str, ...], line: str) -> None:
    branch = replace(LOC, urged=urged, officers=officers, unurged=unurged)
    for for_head in (True, False):
        assert one(branch, for_head=for_head)[6:-1] == ["", f"Đôn đốc 30 ngày qua: {line}", ""]


def test_a_head_without_officers_has_nobody_to_urge() -> None:
    assert "Đôn đốc" not in "\n".join(one(replace(LOC, urged=2)))


def test_names_of_officers_are_escaped() -> None:
    assert one(replace(LOC, officers=1, unurged=("Lê <b>",)))[7].endswith("đ/c &lt;b&gt;")


def test_the_chiefs_own_come_first() -> None:
    """What the chief asked is reported to nobody: it leads the list, in the order of the others."""
    chiefs = 1
    own = (named(8, "17:00 02/12/2026", 2, "Đạt"), named(9, "17:00 03/12/2026", 1, "Đạt"))
    week = Figures(
        (
            replace(LOC, overdue=(*LATE[1:], replace(own[0], asker_id=chiefs))),
            BranchFigures("ALUOI", "A Lưới", open=1, overdue=(replace(own[1], asker_id=chiefs),)),
        )
    )

    def listed(chief_id: int | None) -> list[str]:
        lines = text(replace(DIGEST, week=week, chief_id=chief_id)).split("\n")
        return [line.partition(" · ")[0] for line in lines if " hỏi /xem_" in line]

    assert listed(chiefs) == ["Phú Lộc 8/2027", "A Lưới 9/2027", "Phú Lộc 10/2027"]
    assert listed(None) == ["Phú Lộc 10/2027", "Phú Lộc 8/2027", "A Lưới 9/2027"]


def test_nothing_at_all_is_one_line() -> None:
    empty = "<b>Tổng hợp 30/11–04/12: Phú Lộc</b> không phát sinh, không có chất vấn đang xử lý."
    assert one(BranchFigures("PLOC", "Phú Lộc")) == [empty]
    assert len(one(BranchFigures("PLOC", "Phú Lộc", awaiting=1))) > 1


def test_who_does_not_answer_gets_links_to_look() -> None:
    assert one(LOC, for_head=False)[1].endswith("(4 ngày làm việc) /xem_7 · 10/2027 (1 ngày) /xem_10")


def test_short_and_far_deadlines() -> None:
    branch = replace(
        LOC,
        overdue=(named(3, "15:00 04/12/2026"),),
        coming=(named(4, "17:00 04/12/2026"), named(5, "17:00 11/12/2026")),
    )
    assert one(branch)[1:3] == [
        "❗ <b>Quá hạn 1</b>: 3/2027 (chưa đủ 1 ngày làm việc) /traloi_3",
        "<b>Tuần sau đến hạn 2</b>: 4/2027 hôm nay /xem_4 · 5/2027 thứ Sáu 11/12 /xem_5",
    ]


def test_a_line_names_twenty() -> None:
    many = tuple(named(number, "17:00 30/11/2026", 4) for number in range(1, 26))
    lines = one(replace(LOC, overdue=many, coming=many))
    assert lines[1].endswith(" · và 5 chất vấn khác /quahan")
    assert lines[2].endswith(" · và 5 chất vấn khác /dangxuly")


def test_as_things_stand_and_in_another_organisation() -> None:
    live = replace(DIGEST, ends_at=at("09:00 02/12/2026"), is_live=True, office=Office(PROFILES["2025"]))
    lines = text(live).split("\n")
    assert lines[0] == (
        "<b>Tổng hợp 30/11–02/12 (tính đến 09:00 02/12): 7/9 Phòng không có chất vấn quá hạn</b>"
    )
    assert lines[-1] == (
        "<i>Số liệu từ 16:00 27/11 đến 09:00 02/12/2026 · vụ việc nhập 27/11 · chưa chốt</i>"
    )


def test_one_day_is_named_alone() -> None:
    assert text(replace(OF_ONE, ends_at=at("09:00 30/11/2026"))).startswith("<b>Tổng hợp 30/11: Phú Lộc</b>")


def test_sent_again() -> None:
    again = repeated(DEPARTMENT)
    assert again.split("\n") == [
        "<b>Tổng hợp 30/11–04/12: 7/9 Chi cục không có chất vấn quá hạn</b> (gửi lại)",
        *DEPARTMENT.split("\n")[1:],
    ]
    assert repeated(again) == again


def test_words_of_people_are_escaped() -> None:
    branch = replace(LOC, name="<b>", overdue=(named(1, "17:00 30/11/2026", 4, "<Bình>"),))
    shown = text(replace(DIGEST, week=Figures((branch, BranchFigures("X", "A & B")))))
    assert "đ/c &lt;Bình&gt; hỏi" in shown
    assert "Không phát sinh: A &amp; B" in shown
    assert "&lt;b&gt; 1\n" in shown


def test_a_long_summary_is_cut_between_lines() -> None:
    many = tuple(BranchFigures(f"X{number}", f"Chi cục {number}", open=1) for number in range(1, 401))
    html = text(replace(DIGEST, week=Figures(many)))
    under = buttons(WEEK, 5)
    parts = messages(html, under)
    assert len(parts) > 1
    assert all(visible_length(part.html) <= 4096 for part in parts)
    assert [part.rows for part in parts] == [*[()] * (len(parts) - 1), under]
    kept = [line for part in parts for line in part.html.split("\n") if line]
    assert kept == [line for line in html.split("\n") if line]


@pytest.mark.parametrize(
    ("reader", "late", "labels"),
    [
        ({"for_leader": True}, LATE, [["Việc chờ tôi"], ["Đôn đốc quá hạn", "Bảng Excel"]]),
        ({"for_leader": True}, (), [["Việc chờ tôi"], ["Bảng Excel"]]),
        ({}, LATE, [["Bảng Excel"]]),  # an observer neither judges nor urges
        ({"for_head": True}, LATE, [["Trả lời 7", "Trả lời 10"], ["Việc chờ tôi", "Bảng Excel"]]),
        ({"for_head": True}, (), [["Việc chờ tôi", "Bảng Excel"]]),
    ],
)
def test_the_buttons(reader: dict[str, bool], late: tuple[Named, ...], labels: list[list[str]]) -> None:
    found = buttons(Figures((replace(LOC, overdue=late),)), 5, **reader)
    assert [[one.label for one in row] for row in found] == labels
    assert messages(Markup("x"), found)[0].rows == found
