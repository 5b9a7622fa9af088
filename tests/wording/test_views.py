"""One inquiry in full, lists of them, and how a deadline was counted."""

from datetime import date

import pytest

from bot.rules.deadlines import Limit
from bot.rules.office import Office
from bot.rules.reminders import Rule
from bot.rules.workdays import Calendar
from bot.wording import inquiries, views
from bot.wording.views import Entry
from storage.dossiers import Dossier
from storage.kinds import Act, Hindrance, RoundKind, State, Urgency
from storage.tables import History, Round
from tests.wording.samples import (
    ANSWER,
    MOVE,
    NOW,
    OFFICE,
    QUESTION,
    answered,
    at,
    case,
    delivered,
    dossier,
    parsed,
    quotes,
    received,
    round_,
    sent_answer,
)


def entry(act: Act | str, shown: str, name: str = "", round: int = 1, text: str = "") -> Entry:
    row = History(
        seq=1, at=at(shown), act=act, inquiry_id=12, round=round, details_digest="", previous="", digest=""
    )
    return Entry(row, name, text)


STEPS = [
    entry(Act.ASK, "09:16 30/11/2026", "Trần Văn Bình"),
    entry(Act.DELIVER, "09:16 30/11/2026"),
    entry(Act.RECEIVE, "10:02 30/11/2026", "Hồ Minh Tâm"),
    entry("invite", "10:03 30/11/2026", "ai đó"),
    entry(Act.ANSWER, "15:42 04/12/2026", "Hồ Minh Tâm"),
]


def test_one_inquiry() -> None:
    message = views.inquiry(dossier(State.ANSWERED, answered()), {1: sent_answer()}, STEPS, OFFICE, NOW)
    assert str(message.html) == (
        "<b>Chất vấn 12/2027 · Đã trả lời, chờ ý kiến</b>\n"
        "Phú Lộc, đ/c Hồ Minh Tâm · hạn 17:00 thứ Hai, 07/12/2026\n"
        "\n"
        "Vụ việc: <code>150/QĐ-CCTHADS</code> ngày 12/10/2026\n"
        "Người phải thi hành án: Nguyễn Văn Đức\n"
        "Phải thi hành 1.344.000.000 đồng, đã thi hành 200.000.000 đồng\n"
        "CHV: Lê Quang Huy · số liệu nhập ngày 27/11/2026\n"
        "\n"
        "Đ/c Trần Văn Bình hỏi 09:16 30/11:\n"
        f"<blockquote>{QUESTION}</blockquote>\n"
        "Đ/c Hồ Minh Tâm trả lời 15:42 04/12, trước hạn 1 ngày làm việc:\n"
        f"<blockquote expandable>{ANSWER}</blockquote>\n"
        "\n"
        "<b>Quá trình</b>\n"
        "09:16 30/11 · đ/c Trần Văn Bình hỏi\n"
        "09:16 30/11 · đã chuyển\n"
        "10:02 30/11 · đ/c Hồ Minh Tâm đã nhận\n"
        "15:42 04/12 · đ/c Hồ Minh Tâm trả lời"
    )


def test_an_inquiry_without_an_answer() -> None:
    html = str(views.inquiry(dossier(head=None), {}, STEPS[:1], OFFICE, NOW).html)
    assert html.startswith("<b>Chất vấn 12/2027 · Đang gửi</b>\nPhú Lộc\n\nVụ việc:")
    assert "trả lời" not in html


def test_a_leader_is_not_called_the_officer() -> None:
    """The head's own case: `đồng chí trực tiếp thi hành` speaks to the head alone."""
    html = str(views.inquiry(dossier(case=case(officer_name="Hồ Minh Tâm")), {}, [], OFFICE, NOW).html)
    assert "CHV: Hồ Minh Tâm" in html


@pytest.mark.parametrize("rounds", [1, 2, 5, 10, 30])
@pytest.mark.parametrize("letter", ["ạ", "🙂", "<"])
def test_any_number_of_rounds_fits(rounds: int, letter: str) -> None:
    text = (letter * 4096)[: 4096 // (2 if letter == "🙂" else 1)]
    asked = [answered(number=number, text=text) for number in range(1, rounds + 1)]
    shown = dossier(State.ANSWERED, *asked, case=case(debtors=text, officer_name=text))
    answers = {number: sent_answer(text * 3, number) for number in range(1, rounds + 1)}
    steps = [entry(Act.FIND_INSUFFICIENT, "15:42 04/12/2026", "Nguyễn Thị Phương Thảo", 30)] * 99
    message = views.inquiry(shown, answers, steps, OFFICE, NOW)
    assert all(quoted.endswith("…") for quoted in quotes(message))
    assert parsed(message).text.count("Nguyễn Thị Phương Thảo: chưa đạt yêu cầu") == views.STEPS


def test_notes_reopening_and_lapsing_stand_in_the_record() -> None:
    steps = [
        entry(Act.NOTE, "08:00 07/12/2026", "Trần Văn Bình", text="Theo dõi <thêm>."),
        entry(Act.LAPSE, "17:00 04/01/2027"),
        entry(Act.REOPEN, "08:05 05/01/2027", "Trần Văn Bình"),
    ]
    html = str(views.inquiry(dossier(State.ANSWERED, answered()), {}, steps, OFFICE, NOW).html)
    assert html.endswith(
        "<b>Quá trình</b>\n"
        "08:00 07/12 · đ/c Trần Văn Bình ghi nhận: Theo dõi &lt;thêm&gt;.\n"
        "17:00 04/01 · kết thúc, người hỏi không có ý kiến thêm\n"
        "08:05 05/01 · đ/c Trần Văn Bình mở lại"
    )


def test_many_long_notes_fit() -> None:
    steps = [entry(Act.NOTE, "08:00 07/12/2026", "Trần Văn Bình", text="rất dài " * 400)] * 25
    parsed(views.inquiry(dossier(State.ANSWERED, answered()), {}, steps, OFFICE, NOW))


# --- lists ------------------------------------------------------------------------------------


def test_the_open_inquiries() -> None:
    waiting = [
        dossier(State.RECEIVED, received()),
        dossier(State.QUEUED, number=13),
        dossier(State.DELIVERED, delivered(), year=2026, number=99),
        dossier(State.ANSWERED, answered(), number=14),
    ]
    assert str(views.open_list(waiting, OFFICE, at("17:01 07/12/2026")).html) == (
        "<b>Đang xử lý: 4 chất vấn</b>\n"
        "❗ 12/2027 · Phú Lộc · Quá hạn · hạn 17:00 thứ Hai, 07/12/2026 /xem_12\n"
        "13/2027 · Phú Lộc · Đang gửi /xem_13\n"
        "❗ 99/2026 · Phú Lộc · Quá hạn · hạn 17:00 thứ Hai, 07/12/2026 /xem_99_2026\n"
        "14/2027 · Phú Lộc · Đã trả lời, chờ ý kiến · hạn 17:00 thứ Hai, 07/12/2026 /xem_14"
    )


UNCONFIRMED = [(Rule.RECEIPT, "15:16 30/11/2026")]
AGAIN = round_(2, kind=RoundKind.AGAIN, delivered_at=at("08:05 07/12/2026"), due_at=at("17:00 09/12/2026"))


@pytest.mark.parametrize(
    ("shown", "now", "state"),
    [
        (dossier(State.DELIVERED, delivered()), "09:00 01/12/2026", "Đã chuyển"),
        (dossier(State.DELIVERED, delivered(), reminded=UNCONFIRMED), "09:00 01/12/2026", "Chưa xác nhận"),
        (dossier(State.DELIVERED, answered(), AGAIN), "09:00 07/12/2026", "Trả lời lại"),
        (dossier(State.RECEIVED, received()), "08:00 08/12/2026", "❗ Quá hạn"),
        (dossier(State.DELIVERED, delivered()), "07:30 10/12/2026", "❗ Quá hạn 2 ngày"),
        (dossier(State.ANSWERED, answered()), "07:30 10/12/2026", "Đã trả lời, chờ ý kiến"),
        (dossier(State.HELD, hindrance=Hindrance.BLOCKED), "09:00 01/12/2026", "❗ Chưa gửi được"),
        (dossier(State.ACCEPTED, answered(), closed_at=NOW), "07:30 10/12/2026", "✅ Kết thúc"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_the_state_has_the_words_of_the_live_card(shown: Dossier, now: str, state: str) -> None:
    sign, words = state.split(" ", 1) if state[0] in "❗✅" else ("", state)
    sign = f"{sign} " if sign else ""
    view = views.inquiry(shown, {}, [], OFFICE, at(now))
    card = inquiries.tracking(shown, OFFICE, at(now))
    for message in (view, card):
        first = str(message.html).splitlines()[0]
        assert first.startswith(f"{sign}<b>Chất vấn 12/2027")
        assert first.endswith(f" · {words}</b>")
    line = str(views.open_list([shown], OFFICE, at(now)).html).splitlines()[1]
    assert line.startswith(f"{sign}12/2027 · Phú Lộc · {words} ")


def test_no_open_inquiry() -> None:
    assert str(views.open_list([], OFFICE, NOW).html) == "Không có chất vấn đang xử lý."


def test_what_waits_for_an_answer_leads_to_answering() -> None:
    html = str(views.open_list([dossier(State.RECEIVED, received())], OFFICE, NOW, "traloi").html)
    assert html.endswith(" /traloi_12")


@pytest.mark.parametrize("name", ["Phú Lộc", "Phòng THADS khu vực 1 " * 20])
def test_a_long_list_fits_and_says_how_many_are_left(name: str) -> None:
    waiting = [dossier(State.RECEIVED, received(), number=number) for number in range(1, 61)]
    for one in waiting:
        object.__setattr__(one, "branch", one.branch.model_copy(update={"name": name}))
    lines = str(views.open_list(waiting, OFFICE, NOW).html).splitlines()
    parsed(views.open_list(waiting, OFFICE, NOW))
    assert lines[-1] == f"và {60 - (len(lines) - 2)} chất vấn khác."
    assert len(lines) > 6


# --- how a deadline was counted ---------------------------------------------------------------


def test_the_reckoning() -> None:
    assert str(views.reckoning(dossier(State.DELIVERED, delivered()), OFFICE).html) == (
        "<b>Chất vấn 12/2027: cách tính hạn</b>\n"
        "Hạn trả lời: <b>17:00 thứ Hai, 07/12/2026</b> · mức thường, 5 ngày làm việc\n"
        "Chuyển đến: 09:16 30/11\n"
        "thứ Hai 30/11/2026: không tính (ngày nhận)\n"
        "thứ Ba 01/12/2026: ngày 1\n"
        "thứ Tư 02/12/2026: ngày 2\n"
        "thứ Năm 03/12/2026: ngày 3\n"
        "thứ Sáu 04/12/2026: ngày 4\n"
        "thứ Bảy 05/12/2026: không tính (cuối tuần)\n"
        "Chủ nhật 06/12/2026: không tính (cuối tuần)\n"
        "thứ Hai 07/12/2026: ngày 5\n"
        "<i>Ngày nhận không tính; ngày nghỉ, ngày lễ không tính.</i>"
    )


def test_the_reckoning_of_a_delivery_at_night() -> None:
    night = round_(delivered_at=at("19:00 30/11/2026"), due_at=at("17:00 08/12/2026"))
    html = str(views.reckoning(dossier(State.DELIVERED, night), OFFICE).html)
    assert "\nChuyển đến: 19:00 30/11, ngoài giờ làm việc; tính từ 07:30 01/12\n" in html
    assert "\nthứ Hai 30/11/2026: không tính (chuyển đến sau giờ làm việc)\n" in html


def test_the_reckoning_of_hoa_toc() -> None:
    flash = round_(delivered_at=NOW, due_at=at("13:16 30/11/2026"))
    assert str(views.reckoning(dossier(State.DELIVERED, flash, urgency=Urgency.FLASH), OFFICE).html) == (
        "<b>Chất vấn 12/2027: cách tính hạn</b>\n"
        "Hạn trả lời: <b>13:16 thứ Hai, 30/11/2026</b> · hỏa tốc,"
        " 4 giờ theo đồng hồ kể từ lúc chuyển 09:16 30/11."
    )


def test_nothing_to_reckon() -> None:
    assert str(views.reckoning(dossier(), OFFICE).html) == (
        "Chất vấn 12/2027 chưa chuyển đến nên chưa tính hạn."
    )


HOLIDAYS: list[tuple[str, str]] = [
    ("09:00 30/12/2026", "thứ Sáu 01/01/2027: không tính ("),
    ("09:00 01/02/2027", "không tính ("),
]


@pytest.mark.parametrize(("delivered_at", "line"), HOLIDAYS)
def test_a_holiday_is_named(delivered_at: str, line: str) -> None:
    html = str(views.reckoning(_of(delivered_at), OFFICE).html)
    assert line in html
    assert "holiday" not in html


def test_a_configured_day_off_is_named() -> None:
    office = Office(calendar=Calendar(off=frozenset({date(2026, 12, 1)})))
    html = str(views.reckoning(_of("09:16 30/11/2026"), office).html)
    assert "thứ Ba 01/12/2026: không tính (ngày nghỉ của cơ quan)\n" in html


def test_a_reckoning_of_many_days_fits() -> None:
    office = Office(limits={Urgency.NORMAL: Limit(working_days=1000)})
    message = views.reckoning(_of("09:16 30/11/2026"), office)
    parsed(message)
    assert "\n…\n" in str(message.html)
    assert ": ngày 1000\n" in str(message.html)


def test_a_long_term_is_told_by_its_unusual_days() -> None:
    html = str(views.reckoning(_of("09:16 30/11/2026", due_on=date(2027, 1, 21)), OFFICE).html)
    assert html == (
        "<b>Chất vấn 12/2027: cách tính hạn</b>\n"
        "Hạn trả lời: <b>17:00 thứ Năm, 21/01/2027</b> · do người hỏi đặt riêng\n"
        "Chuyển đến: 09:16 30/11\n"
        "thứ Hai 30/11/2026: không tính (ngày nhận)\n"
        "…\n"
        "thứ Sáu 01/01/2027: không tính (Tết Dương lịch)\n"
        "…\n"
        "thứ Năm 21/01/2027: ngày 37\n"
        "<i>37 ngày làm việc; ngày nhận, ngày nghỉ, ngày lễ không tính.</i>"
    )


def test_the_reckoning_of_a_date_of_the_askers_own() -> None:
    assert str(views.reckoning(_of("09:16 30/11/2026", due_on=date(2026, 12, 2)), OFFICE).html) == (
        "<b>Chất vấn 12/2027: cách tính hạn</b>\n"
        "Hạn trả lời: <b>17:00 thứ Tư, 02/12/2026</b> · do người hỏi đặt riêng\n"
        "Chuyển đến: 09:16 30/11\n"
        "thứ Hai 30/11/2026: không tính (ngày nhận)\n"
        "thứ Ba 01/12/2026: ngày 1\n"
        "thứ Tư 02/12/2026: ngày 2\n"
        "<i>2 ngày làm việc; ngày nhận, ngày nghỉ, ngày lễ không tính.</i>"
    )


def test_a_date_that_had_almost_gone_by_at_the_delivery() -> None:
    html = str(views.reckoning(_of("09:16 30/11/2026", due_on=date(2026, 11, 27)), OFFICE).html)
    assert "\nHạn trả lời: <b>15:01 thứ Hai, 30/11/2026</b> · do người hỏi đặt riêng\n" in html
    assert (
        "\nNgày đặt riêng 27/11/2026 không còn đủ nửa ngày làm việc khi chuyển đến,"
        " nên hạn lùi cho đủ nửa ngày.\n" in html
    )


def test_a_working_day_of_the_offices_own_is_named() -> None:
    office = Office(calendar=Calendar(working=frozenset({date(2026, 12, 5)})))
    html = str(views.reckoning(_of("09:16 30/11/2026"), office).html)
    assert "\nthứ Bảy 05/12/2026: ngày 5 (cơ quan bố trí làm việc)\n" in html


def test_the_reckoning_tells_of_an_outage() -> None:
    html = str(views.reckoning(dossier(State.DELIVERED, delivered(), move=MOVE), OFFICE).html)
    assert html.endswith(
        "\nHệ thống ngừng từ 16:30 04/12 đến 16:00 07/12; hạn 17:00 thứ Sáu, 04/12/2026 rơi vào lúc đó,"
        " lùi đến 17:00 thứ Hai, 07/12/2026."
    )


def _of(delivered_at: str, due_on: date | None = None) -> Dossier:
    shown: Round = round_(delivered_at=at(delivered_at), due_on=due_on)
    return dossier(State.DELIVERED, shown)
