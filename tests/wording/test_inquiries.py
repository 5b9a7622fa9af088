"""The notice of the addressee, word for word, and how an answer is said to be in time."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording import inquiries
from storage.dossiers import Dossier
from storage.kinds import RoundKind, State, Urgency
from storage.tables import Round
from tests.wording.samples import (
    AWKWARD,
    MOVE,
    NOW,
    OFFICE,
    QUESTION,
    TAM,
    answered,
    at,
    case,
    delivered,
    dossier,
    joined,
    labels,
    parsed,
    quotes,
    received,
    round_,
)

NOTICE = """\
<b>Chất vấn 12/2027 · Thường</b>
Hạn trả lời: <b>17:00 thứ Hai, 07/12/2026</b>

Đồng chí Trần Văn Bình, Phó Cục trưởng, hỏi:
<blockquote>vi sao den nay chua ke bien tai san, khi nao thuc hien</blockquote>
Vụ việc: <code>150/QĐ-CCTHADS</code> ngày 12/10/2026
Người phải thi hành án: Nguyễn Văn Đức
Phải thi hành 1.344.000.000 đồng, đã thi hành 200.000.000 đồng
CHV: Lê Quang Huy · số liệu nhập ngày 27/11/2026

Đề nghị đồng chí xác nhận đã nhận và trả lời đúng hạn. Trả lời: vuốt tin này hoặc bấm nút."""


def notice(shown: Dossier, now: object = NOW) -> str:
    return str(inquiries.notice(shown, shown.round, OFFICE, NOW).html)


# --- the notice -------------------------------------------------------------------------------


def test_the_notice() -> None:
    message = inquiries.notice(dossier(), dossier().round, OFFICE, NOW)
    assert str(message.html) == NOTICE
    assert labels(message) == [["Đã nhận", "Trả lời"], ["Cách tính hạn"]]
    assert [[button.data for button in row] for row in message.rows] == [
        ["recv:i12:1", "ans:i12:1"],
        ["reckon:i12:1"],
    ]


def test_the_notice_that_was_received() -> None:
    shown = dossier(State.RECEIVED, received())
    message = inquiries.notice(shown, shown.round, OFFICE, at("10:02 30/11/2026"))
    before, _, after = str(message.html).partition("số liệu nhập ngày 27/11/2026\n")
    assert NOTICE.startswith(before)
    assert after == (
        "\n✓ Đã nhận 10:02 30/11\nĐề nghị đồng chí trả lời đúng hạn. Trả lời: vuốt tin này hoặc bấm nút."
    )
    assert labels(message) == [["Trả lời"], ["Cách tính hạn"]]


@pytest.mark.parametrize(
    ("state", "round", "more", "lines"),
    [
        (State.ANSWERED, answered(), {}, ["✓ Đã nhận 10:02 30/11", "✓ Đã trả lời 15:42 04/12"]),
        (
            State.ACCEPTED,
            answered(),
            {"closed_at": at("08:05 07/12/2026")},
            ["✓ Đã nhận 10:02 30/11", "✓ Đã trả lời 15:42 04/12", "✓ Đạt yêu cầu 08:05 07/12"],
        ),
        (
            State.WITHDRAWN,
            delivered(),
            {"closed_at": at("11:00 01/12/2026"), "closing_note": "hỏi nhầm vụ việc"},
            ["✓ Rút 11:00 01/12: hỏi nhầm vụ việc"],
        ),
        (
            State.LAPSED,
            answered(),
            {"closed_at": at("17:00 04/01/2027")},
            [
                "✓ Đã nhận 10:02 30/11",
                "✓ Đã trả lời 15:42 04/12",
                "✓ Kết thúc: người hỏi không có ý kiến thêm",
            ],
        ),
    ],
)
def test_a_notice_that_needs_nothing_more(
    state: State, round: Round, more: dict[str, object], lines: list[str]
) -> None:
    shown = dossier(state, round, **more)  # type: ignore[arg-type]
    message = inquiries.notice(shown, shown.round, OFFICE, NOW)
    assert str(message.html).endswith("27/11/2026\n\n" + "\n".join(lines))
    assert message.rows == ()


def test_hoa_toc() -> None:
    lines = notice(dossier(urgency=Urgency.FLASH)).splitlines()
    assert lines[:2] == [
        "⚡ <b>Chất vấn 12/2027 · HỎA TỐC</b>",
        "Hạn trả lời: <b>13:16 hôm nay, 30/11/2026 (4 giờ)</b>",
    ]


def test_hoa_toc_at_night_names_the_day() -> None:
    shown = dossier(urgency=Urgency.FLASH)
    html = str(inquiries.notice(shown, shown.round, OFFICE, at("22:30 30/11/2026")).html)
    assert "Hạn trả lời: <b>02:30 thứ Ba, 01/12/2026 (4 giờ)</b>" in html
    assert "Gửi ngoài giờ" not in html


def test_hoa_toc_with_a_date_of_its_own_names_no_hours() -> None:
    shown = dossier(urgency=Urgency.FLASH)
    shown.round.due_on = date(2026, 12, 2)
    assert notice(shown).splitlines()[1] == "Hạn trả lời: <b>17:00 thứ Tư, 02/12/2026</b>"


def test_the_notice_of_a_deadline_that_an_outage_moved() -> None:
    shown = dossier(State.RECEIVED, received(), move=MOVE)
    assert "\n✓ Đã nhận 10:02 30/11\nHạn: 17:00 thứ Hai, 07/12 (cũ: 04/12)\nĐề nghị" in notice(shown)
    assert "cũ:" not in notice(dossier(State.ANSWERED, answered(), move=MOVE))


def test_outside_working_hours() -> None:
    shown = dossier()
    html = str(inquiries.notice(shown, shown.round, OFFICE, at("19:00 30/11/2026")).html)
    assert (
        "\n\nGửi ngoài giờ; thời hạn tính từ 07:30 thứ Ba, 01/12.\n"
        "Đề nghị đồng chí xác nhận đã nhận và trả lời đúng hạn." in html
    )


def test_the_heads_own_case() -> None:
    own = case(officer_name="Hồ Minh Tâm")
    assert "\nCHV: đồng chí trực tiếp thi hành · số liệu nhập ngày 27/11/2026\n" in notice(dossier(case=own))


def test_to_others_the_heads_own_case_bears_the_heads_name() -> None:
    lines = str(inquiries.case_lines(dossier(case=case(officer_name="Hồ Minh Tâm")), for_head=False))
    assert lines.endswith("\nCHV: Hồ Minh Tâm · số liệu nhập ngày 27/11/2026")


def test_a_case_of_which_little_is_known() -> None:
    bare = case(
        decision_on=None,
        debtors="",
        amount_due=None,
        amount_enforced=None,
        officer_name="",
        imported_at=None,
        is_listed=False,
    )
    assert notice(dossier(case=bare)).splitlines()[4:8] == [
        f"<blockquote>{QUESTION}</blockquote>",
        "Vụ việc: <code>150/QĐ-CCTHADS</code> (chưa có trong danh sách; đề nghị đơn vị xác nhận)",
        "",
        "Đề nghị đồng chí xác nhận đã nhận và trả lời đúng hạn. Trả lời: vuốt tin này hoặc bấm nút.",
    ]


def test_nothing_enforced_yet_and_nothing_known_of_it() -> None:
    assert "\nPhải thi hành 5.000 đồng, đã thi hành 0 đồng\n" in notice(
        dossier(case=case(amount_due=5000, amount_enforced=0))
    )
    assert "\nPhải thi hành 5.000 đồng\n" in notice(dossier(case=case(amount_due=5000, amount_enforced=None)))


def again(**more: object) -> Round:
    return delivered(
        number=2, kind=RoundKind.AGAIN, text="Chưa nêu lý do chậm xác minh và trách nhiệm.", **more
    )


def test_the_notice_of_an_answer_that_was_not_sufficient() -> None:
    second = again()
    second.due_at = at("17:00 09/12/2026")
    assert notice(dossier(State.DELIVERED, answered(), second)).startswith(
        "<b>Chất vấn 12/2027: đề nghị trả lời lại (lần 2)</b>\n"
        "Hạn: <b>17:00 thứ Tư, 09/12/2026</b>\n"
        "Ý kiến của đ/c Trần Văn Bình:\n"
        "<blockquote>Chưa nêu lý do chậm xác minh và trách nhiệm.</blockquote>\n"
        "Vụ việc: <code>150/QĐ-CCTHADS</code>"
    )


def test_the_notice_of_a_further_question() -> None:
    second = delivered(number=2, text="kê biên ngày nào?")
    html = notice(dossier(State.DELIVERED, answered(), second))
    assert html.splitlines()[0] == "<b>Chất vấn 12/2027: hỏi thêm (lần 2)</b>"


def test_the_notice_of_a_round_that_is_over_offers_nothing() -> None:
    shown = dossier(State.DELIVERED, answered(), delivered(number=2))
    assert inquiries.notice(shown, shown.rounds[0], OFFICE, NOW).rows == ()


def test_no_party_in_the_first_two_lines() -> None:
    """They stand on a locked screen."""
    for state, round in (
        (State.QUEUED, round_()),
        (State.RECEIVED, received()),
        (State.ANSWERED, answered()),
    ):
        shown = dossier(state, round)
        for message in (
            inquiries.notice(shown, round, OFFICE, NOW),
            inquiries.tracking(shown, OFFICE, NOW),
        ):
            assert "Nguyễn Văn Đức" not in "\n".join(str(message.html).splitlines()[:2])


def test_names_are_escaped() -> None:
    shown = dossier(case=case(debtors=AWKWARD, officer_name=AWKWARD, decision_number="1<5&"))
    shown.round.text = AWKWARD
    message = inquiries.notice(shown, shown.round, OFFICE, NOW)
    assert quotes(message) == [AWKWARD]
    assert parsed(message).text.count(AWKWARD) == 3


@pytest.mark.parametrize("letter", ["a", "ạ", "🙂", "&", "<", "chữ ", "dòng\n"])
@pytest.mark.parametrize("length", [3000, 3800, 4096])
def test_a_very_long_question_is_shown_in_part_and_sent_in_full(letter: str, length: int) -> None:
    text = (letter * length)[: length // (2 if letter == "🙂" else 1)].strip()
    shown = dossier(State.QUEUED, round_(text=text))
    message = inquiries.notice(shown, shown.round, OFFICE, NOW)
    [quoted] = quotes(message)
    full = inquiries.full_text(shown, shown.round, OFFICE, NOW)
    if quoted == text:
        assert full == []
        return
    assert quoted.endswith("…")
    assert text.startswith(quoted[:-1])
    assert len(quoted) > 1200
    whole = joined(full).removeprefix("Chấtvấn12/2027:toànvăncâuhỏi")
    assert whole == "".join(text.split())


def test_a_short_question_is_not_sent_twice() -> None:
    for text in (QUESTION, "Vì sao…", AWKWARD):
        shown = dossier(State.QUEUED, round_(text=text))
        assert inquiries.full_text(shown, shown.round, OFFICE, NOW) == []


def test_a_long_question_that_trails_off_is_sent_in_full_too() -> None:
    shown = dossier(State.QUEUED, round_(text="vì sao " * 580 + "…"))
    assert len(inquiries.full_text(shown, shown.round, OFFICE, NOW)) == 2


@given(text=st.text(min_size=1, max_size=4096).filter(str.strip), note=st.text(min_size=1, max_size=4096))
def test_any_question_and_note_fit_a_message(text: str, note: str) -> None:
    shown = dossier(State.WITHDRAWN, received(text=text), closed_at=NOW, closing_note=note)
    parsed(inquiries.notice(shown, shown.round, OFFICE, NOW))
    parsed(inquiries.tracking(shown, OFFICE, NOW))


# --- in time or late --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answered_at", "is_timely", "said"),
    [
        ("15:42 04/12/2026", True, "trước hạn 1 ngày làm việc"),
        ("16:59 07/12/2026", True, "đúng hạn"),
        ("17:01 07/12/2026", False, "sau hạn"),
        ("17:00 08/12/2026", False, "quá hạn 1 ngày làm việc"),
        ("09:00 14/12/2026", False, "quá hạn 4 ngày làm việc"),
    ],
)
def test_timeliness(answered_at: str, is_timely: bool, said: str) -> None:
    shown = received(answered_at=at(answered_at), is_timely=is_timely)
    assert inquiries.timeliness(shown, OFFICE) == said


def test_no_timeliness_without_an_answer_or_a_deadline() -> None:
    assert inquiries.timeliness(received(), OFFICE) == ""
    assert inquiries.timeliness(round_(answered_at=NOW, is_timely=True), OFFICE) == ""


def test_the_sample_is_what_it_says() -> None:
    assert TAM.branch is not None
    assert case().decision_on == date(2026, 10, 12)
    assert OFFICE.reckon(NOW, Urgency.NORMAL).due_at == at("17:00 07/12/2026")
