"""A small invented province: nine branches, the people of the story, some dozens of cases as an Excel file.

Names and figures come from a seed, so that every play is the same; dates follow the day of the play.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

SEED = 431
CASES_PER_BRANCH = 6

BRANCHES = {
    "HUE": ("TP Huế", "Chi cục THADS TP Huế"),
    "HTHUY": ("Hương Thủy", "Chi cục THADS TX Hương Thủy"),
    "HTRA": ("Hương Trà", "Chi cục THADS TX Hương Trà"),
    "PDIEN": ("Phong Điền", "Chi cục THADS huyện Phong Điền"),
    "QDIEN": ("Quảng Điền", "Chi cục THADS huyện Quảng Điền"),
    "PVANG": ("Phú Vang", "Chi cục THADS huyện Phú Vang"),
    "PLOC": ("Phú Lộc", "Chi cục THADS huyện Phú Lộc"),
    "NDONG": ("Nam Đông", "Chi cục THADS huyện Nam Đông"),
    "ALUOI": ("A Lưới", "Chi cục THADS huyện A Lưới"),
}
"""Code → everyday name, full name."""

HEADERS = (
    "STT",
    "Đơn vị",
    "Số quyết định",
    "Ngày quyết định",
    "Số bản án",
    "Người phải thi hành án",
    "Người được thi hành án",
    "Nội dung",
    "Số tiền phải thi hành",
    "Số tiền đã thi hành",
    "Chấp hành viên",
    "Phân loại",
    "Trạng thái",
    "Ngày thụ lý",
    "Ghi chú",
)

SURNAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Tôn Thất",
)
MIDDLES = ("Văn", "Thị", "Đình", "Hữu", "Ngọc", "Thị Thu", "Quang", "Minh", "Thị Kim", "Xuân")
GIVEN = (
    "An",
    "Bảo",
    "Chi",
    "Dũng",
    "Giang",
    "Hạnh",
    "Khánh",
    "Lan",
    "Mỹ",
    "Nam",
    "Phúc",
    "Sơn",
    "Thảo",
    "Yến",
)
CONTENTS = (
    "Trả nợ vay",
    "Bồi thường thiệt hại",
    "Án phí dân sự",
    "Chia tài sản chung",
    "Cấp dưỡng",
    "Tiền phạt",
)


@dataclass(frozen=True)
class Person:
    """One person of the story: what `chatvan invite` is told, and the colour of the phone."""

    role: str
    name: str
    post: str  # as the story calls it
    colour: str
    branch: str | None = None
    is_chief: bool = False

    @property
    def given_name(self) -> str:
        return self.name.split()[-1]

    def invitation(self) -> list[str]:
        """The arguments of `chatvan invite` for this person."""
        arguments = ["--role", self.role, "--name", self.name]
        arguments += ["--branch", self.branch] if self.branch else []
        return arguments + (["--chief"] if self.is_chief else [])


ADMIN = Person("admin", "Phạm Thị Hoa", "quản trị", "bright_yellow")
CHIEF = Person("leader", "Nguyễn Hữu Đạt", "Cục trưởng", "red", is_chief=True)
DEPUTY_LEADER = Person("leader", "Trần Văn Bình", "Phó Cục trưởng", "blue")
HEAD = Person("head", "Hồ Minh Tâm", "Chi cục trưởng Phú Lộc", "green", "PLOC")
OTHER_HEAD = Person("head", "Phan Thị Thu Hương", "Chi cục trưởng TP Huế", "magenta", "HUE")
OFFICER = Person("officer", "Lê Quang Huy", "Chấp hành viên Phú Lộc", "yellow", "PLOC")
OBSERVER = Person("observer", "Võ Đình Khoa", "Phòng chuyên môn", "cyan")
PEOPLE = (ADMIN, CHIEF, DEPUTY_LEADER, HEAD, OTHER_HEAD, OFFICER, OBSERVER)

Row = list[str | int | date]


def write_register(file: Path, *, today: date) -> int:
    """Write the register of the whole province as branches keep it; return the number of cases."""
    rows = list(register(today=today))
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("Vụ việc")
        heading, day = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "dd/mm/yyyy"})
        money = workbook.add_format({"num_format": "#,##0"})
        sheet.write_string(0, 0, "DANH SÁCH VỤ VIỆC ĐANG THI HÀNH (số liệu giả định)", heading)
        sheet.write_row(2, 0, HEADERS, heading)
        for at, row in enumerate(rows, start=3):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, place, cell, day)
                else:
                    sheet.write(at, place, cell, money if place in (8, 9) else None)
    return len(rows)


def register(*, today: date) -> Iterator[Row]:
    """The cases, branch by branch; two of them are those that the story asks about."""
    chance = Random(SEED)
    counter = 0
    for code, (name, _full_name) in BRANCHES.items():
        officers = [OFFICER.name] if code == "PLOC" else [_name(chance)]
        officers.append(_name(chance))
        told_of = [row for row in _of_the_story(today) if row[0] == name]
        for case in told_of + [_case(chance, name, number, officers, today) for number in _numbers(chance)]:
            counter += 1
            yield [counter, *case]


def _of_the_story(today: date) -> list[Row]:
    decided = today - timedelta(days=42)
    debt = ("Trả nợ vay", 1_344_000_000, 200_000_000)
    land = ("Giao quyền sử dụng đất", 2_150_000_000, 0)
    phu_loc = ("Phú Lộc", "151/QĐ-CCTHADS", decided, "194/2017/DS-PT", "Nguyễn Văn Đức", "Trần Thị Hà", *debt)
    hue = (
        "TP Huế",
        "88/QĐ-CCTHADS",
        decided,
        "25/2018/KDTM-ST",
        "Công ty TNHH Sông Hương",
        "Lê Thị Mai",
        *land,
    )
    known = ("Có điều kiện", "Đang thi hành", decided + timedelta(days=5), "")
    return [[*phu_loc, OFFICER.name, *known], [*hue, "Đỗ Xuân Sơn", *known]]


def _numbers(chance: Random) -> list[int]:
    """Numbers that neither repeat nor meet those of the story."""
    return chance.sample(range(200, 400), CASES_PER_BRANCH - 1)


def _case(chance: Random, branch: str, number: int, officers: list[str], today: date) -> Row:
    decided = today - timedelta(days=chance.randrange(20, 700))
    due = chance.randrange(8, 900) * 1_000_000
    is_able = chance.random() < 0.7
    return [
        branch,
        f"{number}/QĐ-CCTHADS",
        decided,
        f"{chance.randrange(10, 300)}/{decided.year - 1}/DS-ST",
        _name(chance),
        _name(chance),
        chance.choice(CONTENTS),
        due,
        due * chance.choice((0, 0, 10, 25, 50)) // 100,
        chance.choice(officers),
        "Có điều kiện" if is_able else "Chưa có điều kiện",
        "Đang thi hành" if is_able else chance.choice(("Đang thi hành", "Hoãn", "Tạm đình chỉ")),
        decided + timedelta(days=5),
        "",
    ]


def _name(chance: Random) -> str:
    return f"{chance.choice(SURNAMES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"
