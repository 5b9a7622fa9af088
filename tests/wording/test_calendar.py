"""The working calendar on the phone: what is off, what is made up for, what may still change."""

from datetime import date, time

from bot.rules.workdays import Calendar
from bot.wording import calendar


def shown(of: Calendar, first: date, last: date) -> list[str]:
    coming = of.special_days(first, last)
    undecided = of.undecided_year(first, last)
    return str(calendar.text(of, coming, days=90, undecided=undecided).html).splitlines()


def test_the_calendar() -> None:
    assert shown(Calendar(), date(2026, 8, 15), date(2026, 10, 1)) == [
        "<b>Ngày nghỉ, làm bù: 90 ngày tới</b>",
        "Giờ làm việc: 07:30–11:30, 13:30–17:00; thứ Hai đến thứ Sáu",
        "thứ Bảy 22/08/2026: làm việc, làm bù",
        "thứ Hai 31/08/2026: nghỉ, nghỉ hoán đổi",
        "thứ Ba 01/09/2026 đến thứ Tư 02/09/2026: nghỉ, Quốc khánh",
    ]


def test_a_calendar_without_anything_special() -> None:
    assert shown(Calendar(), date(2026, 10, 1), date(2026, 10, 31))[2:] == [
        "Không có ngày nghỉ lễ, ngày làm bù."
    ]


def test_a_calendar_that_is_not_decided() -> None:
    own = Calendar(
        spans=((time(8), time(12)),),
        weekdays=frozenset({0, 1, 3, 5}),
        off=frozenset({date(2027, 1, 4)}),
        working=frozenset({date(2027, 1, 6)}),
    )
    assert shown(own, date(2026, 12, 31), date(2027, 1, 10))[1:] == [
        "Giờ làm việc: 08:00–12:00; thứ Hai đến thứ Ba, thứ Năm, thứ Bảy",
        "thứ Sáu 01/01/2027: nghỉ, Tết Dương lịch (dự kiến)",
        "thứ Hai 04/01/2027: nghỉ, ngày nghỉ của cơ quan",
        "thứ Tư 06/01/2027: làm việc, cơ quan bố trí làm việc",
        "Chưa có lịch nghỉ chính thức năm 2027; ngày ghi “dự kiến” còn có thể thay đổi.",
    ]


def test_the_administrator_is_told_what_to_do() -> None:
    lines = str(calendar.undecided_to_admin(2027).html).splitlines()
    assert lines[0] == "<b>Chưa có lịch nghỉ chính thức năm 2027</b>"
    assert "thêm 2027 vào decided_years, mục [calendar]" in lines[1]
