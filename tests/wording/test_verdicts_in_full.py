"""The words of notes, reopening and lapsing; of dates of one's own, the calendar, pages and choices."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.rules.dates import HANOI
from bot.rules.office import Office
from bot.rules.workdays import Calendar
from bot.wording import calendar, callbacks, cases, choosing, drafts, inquiries, pages, verdicts, views
from bot.wording.callbacks import ForgedPress, Press, Tap
from bot.wording.drafts import DraftView
from bot.wording.lengths import visible_length
from bot.wording.message import Message
from storage.dossiers import Dossier, SentAnswer
from storage.kinds import Act, AnswerState, DraftState, Role, RoundKind, State, SubjectKind, Urgency
from storage.people import Member
from storage.tables import Answer, Branch, Case, Draft, History, Inquiry, Person, Remark, Round, Search

OFFICE = Office()
UNWANTED = re.compile(r"\bbị\b|hãy|bạn|vui lòng|vi phạm|!|\{|\bNone\b", re.IGNORECASE)
DEBTOR = "Nguyễn Văn Đức"


def at(shown: str) -> datetime:
    return datetime.strptime(shown, "%H:%M %d/%m/%Y").replace(tzinfo=HANOI).astimezone(UTC)


NOW = at("09:16 30/11/2026")


def member(number: int, name: str, role: Role, title: str) -> Member:
    return Member(Person(id=number, name=name, title=title, created_at=NOW), frozenset({role}), None, None)


BINH = member(2, "Trần Văn Bình", Role.LEADER, "Phó Cục trưởng")
TAM = member(3, "Hồ Minh Tâm", Role.HEAD, "Chi cục trưởng")
PLOC = Branch(id=1, code="PLOC", name="Phú Lộc", full_name="Chi cục THADS huyện Phú Lộc")


def register_case(**more: Any) -> Case:
    values: dict[str, Any] = {
        "id": 5,
        "branch_id": 1,
        "decision_number": "150/QĐ-CCTHADS",
        "decision_key": "150/QD-CCTHADS",
        "decision_serial": 150,
        "decision_on": date(2026, 10, 12),
        "debtors": DEBTOR,
        "imported_at": at("08:00 27/11/2026"),
    }
    return Case(**(values | more))


def dossier(state: State = State.ANSWERED, due_on: date | None = None, **more: Any) -> Dossier:
    round = Round(
        inquiry_id=12,
        number=1,
        kind=RoundKind.FIRST,
        text="vi sao den nay chua ke bien",
        asked_at=NOW,
        delivered_at=NOW,
        due_on=due_on,
        answered_at=at("15:42 04/12/2026") if state not in (State.DELIVERED, State.QUEUED) else None,
        answered_by=3,
        is_timely=True,
    )
    round.due_at = OFFICE.reckon(NOW, Urgency.NORMAL, 1, due_on).due_at
    inquiry = Inquiry(
        id=12,
        year=2027,
        number=12,
        case_id=5,
        branch_id=1,
        asked_by=2,
        urgency=Urgency.NORMAL,
        state=state,
        asked_at=NOW,
        closed_at=at("08:05 07/12/2026") if state in (State.ACCEPTED, State.LAPSED) else None,
    )
    known = Dossier(inquiry=inquiry, case=register_case(), branch=PLOC, asker=BINH, head=TAM, rounds=[round])
    return replace(known, **more)


def labels(message: Message) -> list[list[str]]:
    return [[button.label for button in row] for row in message.rows]


# --- verdicts ---


def test_a_remark_offers_three_ways() -> None:
    kept = Remark(id=7, inquiry_id=12, round=1, person_id=2, text="Theo dõi <thêm>.", created_at=NOW)
    message = verdicts.remark(dossier(), kept)
    assert message.html == (
        "<b>Chất vấn 12/2027: chưa gửi</b>\n<blockquote>Theo dõi &lt;thêm&gt;.</blockquote>"
    )
    assert labels(message) == [["Gửi hỏi thêm"], ["Chưa đạt yêu cầu", "Chỉ ghi nhận"]]


def test_what_the_head_reads_of_an_end_and_of_its_taking_back() -> None:
    assert verdicts.reopened_to_head(dossier(), at("08:05 07/12/2026")).html == (
        "<b>Chất vấn 12/2027 được mở lại</b>\n"
        "Đ/c Trần Văn Bình mở lại 08:05 07/12 để cho ý kiến về trả lời. Đồng chí chưa phải trả lời thêm."
    )
    assert verdicts.lapsed_to_head(dossier(State.LAPSED)).html == (
        "<b>Chất vấn 12/2027 kết thúc</b>\nĐã trả lời 04/12; người hỏi không có ý kiến thêm."
    )


@pytest.mark.parametrize(
    ("state", "first", "last", "rows"),
    [
        (State.ACCEPTED, "✅ <b>Chất vấn 12/2027 · Kết thúc</b>", "Đạt yêu cầu 08:05 07/12", [["Mở lại"]]),
        (
            State.LAPSED,
            "<b>Chất vấn 12/2027 · Kết thúc</b>",
            "Đã trả lời 04/12; người hỏi không có ý kiến thêm",
            [["Mở lại"]],
        ),
        (
            State.ANSWERED,
            "<b>Chất vấn 12/2027 · Đã trả lời, chờ ý kiến</b>",
            "✓ Đã trả lời 15:42 04/12, trước hạn 1 ngày làm việc",
            [["Xem trả lời"]],
        ),
    ],
)
def test_the_card_after_the_answer(state: State, first: str, last: str, rows: list[list[str]]) -> None:
    message = inquiries.tracking(dossier(state), OFFICE, NOW)
    lines = message.html.splitlines()
    assert (lines[0], lines[-1], labels(message)) == (first, last, rows)


def entry(act: Act, name: str = "", text: str = "") -> views.Entry:
    row = History(seq=1, at=NOW, act=act, details_digest="", previous="", digest="", round=1)
    return views.Entry(row, name, text)


def test_the_record_tells_notes_reopening_and_lapsing() -> None:
    entries = [
        entry(Act.NOTE, BINH.person.name, "Theo dõi <thêm>."),
        entry(Act.LAPSE),
        entry(Act.REOPEN, BINH.person.name),
    ]
    html = views.inquiry(dossier(), {}, entries, OFFICE).html
    assert html.splitlines()[-3:] == [
        "09:16 30/11 · đ/c Trần Văn Bình ghi nhận: Theo dõi &lt;thêm&gt;.",
        "09:16 30/11 · kết thúc, người hỏi không có ý kiến thêm",
        "09:16 30/11 · đ/c Trần Văn Bình mở lại",
    ]


def test_many_long_notes_fit_into_one_message() -> None:
    entries = [entry(Act.NOTE, BINH.person.name, "rất dài " * 400)] * 25
    assert visible_length(views.inquiry(dossier(), {}, entries, OFFICE).html) < 4096


# --- a date of the asker's own ---


def draft(**more: Any) -> Draft:
    values: dict[str, Any] = {
        "id": 4,
        "person_id": 2,
        "state": DraftState.READY,
        "case_id": 5,
        "branch_id": 1,
        "text": "vi sao",
        "urgency": Urgency.NORMAL,
        "is_choosing_urgency": False,
        "created_at": NOW,
    }
    return Draft(**(values | more))


def card(**more: Any) -> Message:
    view = DraftView(draft(**more), PLOC, TAM, register_case(), date(2026, 11, 27))
    return drafts.card(view, OFFICE, NOW)


def test_a_draft_with_a_date_of_its_own() -> None:
    assert (
        "Mức: Thường · Hạn: <b>17:00 thứ Ba, 15/12/2026</b> (đặt riêng)"
        in card(due_on=date(2026, 12, 15)).html
    )


def test_the_rows_of_the_urgency_and_of_the_days() -> None:
    assert labels(card(is_choosing_urgency=True)) == [
        ["Thường", "Khẩn"],
        ["Thượng khẩn", "Hỏa tốc"],
        ["Hạn khác", "Quay lại"],
    ]
    assert labels(card(is_choosing_due=True)) == [
        ["T3 01/12 · 1 ngày", "T4 02/12 · 2 ngày"],
        ["T5 03/12 · 3 ngày", "T2 07/12 · 5 ngày"],
        ["T2 14/12 · 10 ngày", "Quay lại"],
    ]


def test_the_notice_of_a_flash_inquiry_names_the_date_and_no_hours() -> None:
    known = dossier(State.DELIVERED, date(2026, 12, 2))
    known.inquiry.urgency = Urgency.FLASH
    html = inquiries.notice(known, known.round, OFFICE, NOW).html
    assert html.splitlines()[1] == "Hạn trả lời: <b>17:00 thứ Tư, 02/12/2026</b>"


def test_how_a_date_of_its_own_was_counted() -> None:
    assert views.reckoning(dossier(due_on=date(2026, 12, 2)), OFFICE).html == (
        "<b>Chất vấn 12/2027: cách tính hạn</b>\n"
        "Hạn trả lời: <b>17:00 thứ Tư, 02/12/2026</b> · do người hỏi đặt riêng\n"
        "Chuyển đến: 09:16 30/11\n"
        "thứ Hai 30/11/2026: không tính (ngày nhận)\n"
        "thứ Ba 01/12/2026: ngày 1\n"
        "thứ Tư 02/12/2026: ngày 2\n"
        "<i>2 ngày làm việc; ngày nhận, ngày nghỉ, ngày lễ không tính.</i>"
    )


def test_a_date_that_had_almost_gone_by_at_the_delivery() -> None:
    known = dossier(due_on=date(2026, 11, 27))
    html = views.reckoning(known, OFFICE).html
    assert "Hạn trả lời: <b>15:01 thứ Hai, 30/11/2026</b>" in html
    assert "không còn đủ nửa ngày làm việc khi chuyển đến, nên hạn lùi cho đủ nửa ngày." in html


def test_a_long_term_is_told_by_its_unusual_days() -> None:
    html = views.reckoning(dossier(due_on=date(2027, 5, 20)), OFFICE).html
    lines = html.splitlines()
    assert "thứ Sáu 01/01/2027: không tính (Tết Dương lịch)" in lines
    assert not any("cuối tuần" in line for line in lines)
    assert visible_length(html) < 4096


def test_a_working_day_of_the_offices_own_is_named() -> None:
    own = replace(
        OFFICE, calendar=Calendar(working=frozenset({date(2026, 12, 5)}), off=frozenset({date(2026, 12, 1)}))
    )
    lines = views.reckoning(dossier(), own).html.splitlines()
    assert "thứ Ba 01/12/2026: không tính (ngày nghỉ của cơ quan)" in lines
    assert "thứ Bảy 05/12/2026: ngày 4 (cơ quan bố trí làm việc)" in lines


@pytest.mark.parametrize("extra", ["", "x", "20261399", "1", "٢٠٢٦١٢١٥", "-1"])
def test_a_forged_day_is_refused(extra: str) -> None:
    with pytest.raises(ForgedPress):
        _ = Press(Tap.SET_DUE, SubjectKind.DRAFT, 4, extra=extra).day


def test_a_day_travels_in_a_button() -> None:
    press = callbacks.decode("setdue:d4:0:20261215")
    assert press.day == date(2026, 12, 15)
    assert press.encode() == "setdue:d4:0:20261215"


# --- the calendar ---


def shown(of: Calendar, first: date, last: date) -> list[str]:
    coming = of.special_days(first, last)
    undecided = of.undecided_year(first, last)
    return calendar.text(of, coming, days=90, undecided=undecided).html.splitlines()


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
        "❗ Chưa có lịch nghỉ chính thức năm 2027; ngày ghi “dự kiến” còn có thể thay đổi.",
    ]


# --- pages, the case's card, choices ---


@pytest.mark.parametrize(
    ("page", "total", "count", "ways"),
    [
        (0, 0, 1, []),
        (0, 8, 1, []),
        (0, 9, 2, ["Trang sau"]),
        (1, 9, 2, ["Trang trước"]),
        (1, 17, 3, ["Trang trước", "Trang sau"]),
    ],
)
def test_the_buttons_that_turn_pages(page: int, total: int, count: int, ways: list[str]) -> None:
    assert pages.count(total) == count
    found = pages.buttons(SubjectKind.SEARCH, 3, page, total)
    assert [one.label for one in found if one] == ways


def test_a_page_of_what_was_found() -> None:
    search = Search(id=3, person_id=2, words="đức", created_at=NOW)
    one = cases.found(search, [(register_case(), PLOC)], page=1, total=9)
    assert one.html == "<b>Vụ việc: thấy 9</b> · trang 2/2; gõ thêm từ để thu hẹp"
    assert labels(one) == [["150/QĐ (12/10/2026) · Phú Lộc · Nguyễn Văn Đức"], ["Trang trước"]]
    assert one.rows[1][0].data == "page:s3:0:0"
    few = cases.found(search, [(register_case(), PLOC)], page=0, total=2)
    assert few.html == "<b>Vụ việc: thấy 2</b>"


def test_the_age_of_a_case() -> None:
    today = date(2026, 11, 30)
    assert cases.age(register_case(taken_up_on=date(2026, 10, 20)), today) == 41
    assert cases.age(register_case(), today) == 49
    assert cases.age(register_case(decision_on=None), today) is None
    second = cases.card(register_case(), PLOC, [], may_ask=False, now=NOW).html.splitlines()[1]
    assert second == "đang thi hành · 49 ngày từ quyết định"


def test_the_card_of_a_case_with_an_answer() -> None:
    answer = Answer(
        id=1,
        inquiry_id=12,
        round=1,
        person_id=3,
        state=AnswerState.SENT,
        created_at=NOW,
        changed_at=NOW,
        sent_at=at("15:42 04/12/2026"),
    )
    asked = cases.Asked(dossier(), {1: SentAnswer(answer, TAM, "Kê biên trước <15/12>.")})
    message = cases.card(register_case(), PLOC, [asked], may_ask=True, now=NOW)
    lines = message.html.splitlines()
    assert lines[lines.index("Số liệu nhập ngày 27/11/2026") + 1 :] == [
        "Chất vấn 12/2027, Đã trả lời, chờ ý kiến, đ/c Trần Văn Bình hỏi 30/11 /xem_12",
        "<blockquote expandable>Hỏi: vi sao den nay chua ke bien",
        "Đ/c Hồ Minh Tâm trả lời 15:42 04/12: Kê biên trước &lt;15/12&gt;.</blockquote>",
    ]
    assert labels(message) == [["Chất vấn vụ này"]]


def test_the_card_of_a_case_with_little_room_left_names_its_inquiries() -> None:
    crowded = register_case(debtors="x" * 900, creditors="y" * 900, content="z" * 900, notes="n" * 900)
    rounds = [
        Round(inquiry_id=12, number=at, kind=RoundKind.FURTHER, text="dài " * 300, asked_at=NOW)
        for at in range(1, 5)
    ]
    asked = [cases.Asked(dossier(rounds=rounds), {})] * 9
    html = cases.card(crowded, PLOC, asked, may_ask=True, now=NOW).html
    assert "và 3 chất vấn trước đó." in html
    assert html.count("/xem_12") == 6
    assert visible_length(html) < 4096


def test_the_branches_and_the_cases_to_choose_from() -> None:
    known = [
        PLOC,
        Branch(id=2, code="ALUOI", name="A Lưới", full_name=""),
        Branch(id=3, code="X", name="X", full_name=""),
    ]
    offer = choosing.branches(draft(case_id=None), known)
    assert labels(offer) == [["Phú Lộc", "A Lưới"], ["X"], ["Hủy"]]
    assert offer.html.splitlines()[0] == "<b>Chất vấn: vụ việc nào?</b>"
    none = choosing.pending(draft(case_id=None), PLOC, [], page=0, total=0, today=date(2026, 11, 30))
    assert none.html == (
        "<b>Chất vấn Phú Lộc: vụ việc nào?</b>\n"
        "Danh sách không có vụ việc nào chưa thi hành xong của đơn vị này. Chưa gửi gì."
    )
    long = register_case(debtors="Công ty " + "rất dài " * 20)
    one = choosing.pending(draft(case_id=None), PLOC, [long], page=0, total=1, today=date(2026, 11, 30))
    assert len(one.rows[0][0].label) <= cases.LABEL
    assert labels(one)[1:] == [["Không có trong danh sách"], ["Đơn vị khác", "Hủy"]]


def test_no_text_scolds() -> None:
    known = dossier(due_on=date(2026, 12, 2))
    for message in (
        verdicts.reopened_to_head(known, NOW),
        verdicts.lapsed_to_head(known),
        views.reckoning(known, OFFICE),
        calendar.undecided_to_admin(2027),
        card(due_on=date(2026, 12, 2)),
        cases.none_found("đức"),
    ):
        assert not UNWANTED.search(message.html), message.html
        assert not any(DEBTOR in line for line in message.html.splitlines()[:2])
