"""An answer: the head's preview, the asker's message, the question where a text belongs."""

import pytest

from bot.wording import answers
from storage.kinds import AnswerState, PromptPurpose, Role, RoundKind, State
from storage.tables import Answer, AnswerPart, Prompt
from tests.wording.samples import (
    ANSWER,
    AWKWARD,
    BRANCH,
    NOW,
    OFFICE,
    QUESTION,
    answered,
    at,
    case,
    delivered,
    dossier,
    joined,
    labels,
    member,
    parsed,
    quotes,
    received,
    round_,
    sent_answer,
)

PREPARING = Answer(
    id=5, inquiry_id=12, round=1, person_id=3, state=AnswerState.PREPARING, preview=2, created_at=NOW
)


def parts(*texts: str) -> list[AnswerPart]:
    return [
        AnswerPart(answer_id=5, position=place, text=text, message_id=place)
        for place, text in enumerate(texts, start=1)
    ]


# --- preview ----------------------------------------------------------------------------------


def test_the_preview() -> None:
    message = answers.preview(
        dossier(State.RECEIVED, received()), PREPARING, parts("Đã xác minh.", "Chờ đo đạc.")
    )
    assert str(message.html) == (
        "<b>CHƯA GỬI · xem lại trả lời chất vấn 12/2027</b>\n"
        "Người nhận: đồng chí Trần Văn Bình, Phó Cục trưởng\n"
        "Vụ việc: <code>150/QĐ-CCTHADS</code>\n"
        "<blockquote>Đã xác minh.\nChờ đo đạc.</blockquote>\n"
        "2 đoạn · <i>chưa nêu thời hạn</i>"
    )
    assert labels(message) == [["Gửi trả lời"], ["Viết thêm", "Sửa"], ["Hủy"]]
    assert message.rows[0][0].data == "sendans:a5:1:2"


@pytest.mark.parametrize(
    "text",
    [
        "kê biên trước 15/12/2026",
        "kê biên trước 15/12.",
        "hẹn 9-12",
        "xong 1.12.2026",
        "trước ngày 15 tháng 12 năm 2026",
        "trong Tháng 1",
    ],
)
def test_a_date_is_seen(text: str) -> None:
    html = str(answers.preview(dossier(), PREPARING, parts(text)).html)
    assert html.endswith("</blockquote>\n1 đoạn")


@pytest.mark.parametrize(
    "text",
    [
        "đã thu 1.344.000.000 đồng",
        "đã thu 12.100.000 đồng, còn 5,1 tỷ",
        "theo Quyết định 150/QĐ-CCTHADS",
        "bản án 194/2017/DS-PT",
        "đạt 31,20%",
        "210 m²",
        "tháng sau",
    ],
)
def test_a_sum_of_money_or_a_number_is_no_date(text: str) -> None:
    assert str(answers.preview(dossier(), PREPARING, parts(text)).html).endswith("<i>chưa nêu thời hạn</i>")


@pytest.mark.parametrize("letter", ["ạ", "🙂", "&"])
def test_a_long_preview_says_that_all_is_sent(letter: str) -> None:
    text = letter * 4000
    message = answers.preview(dossier(), PREPARING, parts(text, text))
    assert quotes(message)[0].endswith("…")
    units = 16001 if letter == "🙂" else 8001
    assert f"Nội dung dài {units} ký tự; người nhận thấy đầy đủ." in str(message.html)


def test_the_preview_is_escaped() -> None:
    assert quotes(answers.preview(dossier(), PREPARING, parts(AWKWARD))) == [AWKWARD]


# --- the answer -------------------------------------------------------------------------------

ANSWER_HEAD = f"""\
<b>Trả lời chất vấn 12/2027</b>
Phú Lộc, đ/c Hồ Minh Tâm, Chi cục trưởng · 15:42 04/12/2026, trước hạn 1 ngày làm việc
<blockquote expandable>Hỏi: {QUESTION}</blockquote>
"""


def test_the_answer() -> None:
    [message] = answers.answer(dossier(State.ANSWERED, answered()), sent_answer(), OFFICE, for_asker=True)
    assert str(message.html) == (
        ANSWER_HEAD + ANSWER + "\n\nKính đề nghị đồng chí cho ý kiến về trả lời này."
    )
    assert labels(message) == [["Đạt yêu cầu"], ["Hỏi thêm", "Chưa đạt yêu cầu"]]


@pytest.mark.parametrize(
    ("state", "for_asker"), [(State.ANSWERED, False), (State.ACCEPTED, True), (State.WITHDRAWN, True)]
)
def test_an_answer_that_awaits_no_verdict(state: State, for_asker: bool) -> None:
    [message] = answers.answer(dossier(state, answered()), sent_answer(), OFFICE, for_asker=for_asker)
    assert str(message.html) == ANSWER_HEAD + ANSWER
    assert message.rows == ()


def test_an_answer_of_an_earlier_round() -> None:
    shown = dossier(State.ANSWERED, answered(), answered(number=2, kind=RoundKind.AGAIN))
    [first] = answers.answer(shown, sent_answer(round=1), OFFICE, for_asker=True)
    [second] = answers.answer(shown, sent_answer(round=2), OFFICE, for_asker=True)
    assert first.rows == ()
    assert second.rows != ()
    assert str(second.html).startswith("<b>Trả lời chất vấn 12/2027, lần 2</b>\n")


def test_an_answer_is_sent_whole_and_verbatim() -> None:
    for text in (AWKWARD, "dòng\n" * 900, "từ " * 3000, "🙂" * 5000, "x" * 12_000):
        shown = dossier(State.ANSWERED, answered())
        messages = answers.answer(shown, sent_answer(text), OFFICE, for_asker=True)
        whole = joined(messages)
        assert "".join(text.split()) in whole
        assert whole.endswith("Kínhđềnghịđồngchíchoýkiếnvềtrảlờinày.")
        assert [message.rows != () for message in messages] == [False] * (len(messages) - 1) + [True]


def test_a_long_question_is_shortened_above_its_answer() -> None:
    shown = dossier(State.ANSWERED, answered(text="vì sao " * 580))
    [message] = answers.answer(shown, sent_answer("ngắn"), OFFICE, for_asker=True)
    assert len(quotes(message)[0]) <= 910


def test_sent_and_cancelled() -> None:
    shown = dossier(State.ANSWERED, answered())
    assert str(answers.sent(shown, at("15:42 04/12/2026")).html) == (
        "Đã gửi trả lời chất vấn 12/2027 lúc 15:42 04/12."
    )
    assert str(answers.cancelled(shown.inquiry, NOW).html) == (
        "Đã hủy bản trả lời chất vấn 12/2027, chưa gửi cho ai. Trả lời: /traloi_12"
    )
    shown.inquiry.year = 2026
    assert str(answers.cancelled(shown.inquiry, NOW).html).endswith("/traloi_12_2026")


# --- where a text belongs ---------------------------------------------------------------------

PROMPT = Prompt(
    id=9, person_id=3, purpose=PromptPurpose.BELONGING, subject_id=77, opened_at=NOW, lapses_at=NOW
)


def test_which_inquiry() -> None:
    waiting = [
        dossier(State.DELIVERED, delivered()),
        dossier(State.HELD, round_(), id=13, number=13, case=case(decision_number="163/QĐ-CCTHADS")),
        dossier(State.DELIVERED, round_(due_at=at("17:00 06/12/2026")), id=14, number=14),
    ]
    message = answers.which(PROMPT, "đã kê biên <1>", waiting)
    assert str(message.html) == (
        "<b>Nội dung này thuộc chất vấn nào?</b>\nChưa gửi cho ai.\n"
        "<blockquote>đã kê biên &lt;1&gt;</blockquote>"
    )
    assert labels(message) == [
        ["12 · 150/QĐ · hạn T2 07/12"],
        ["13 · 163/QĐ"],
        ["14 · 150/QĐ · hạn CN 06/12"],
        ["Không phải trả lời"],
    ]
    assert [row[0].data for row in message.rows] == [
        "belongs:p9:0:12",
        "belongs:p9:0:13",
        "belongs:p9:0:14",
        "nowhere:p9:0",
    ]


def test_of_very_many_the_nearest_are_offered() -> None:
    """Telegram takes a hundred buttons."""
    waiting = [dossier(State.DELIVERED, delivered(), id=number) for number in range(1, 200)]
    message = answers.which(PROMPT, "ạ" * 4096, waiting)
    assert len(message.rows) == 21
    parsed(message)


def test_a_deputy_is_named_with_the_title() -> None:
    hoa = member(4, "Lê Thị Hoa", "Phó Chi cục trưởng", Role.DEPUTY, branch=BRANCH)
    [message] = answers.answer(
        dossier(State.ANSWERED, answered()), sent_answer(writer=hoa), OFFICE, for_asker=True
    )
    assert "\nPhú Lộc, đ/c Lê Thị Hoa, Phó Chi cục trưởng · " in str(message.html)
