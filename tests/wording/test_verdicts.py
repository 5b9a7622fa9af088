"""What the asker says of an answer, and what others read of it."""

from bot.wording import verdicts
from storage.kinds import State
from storage.tables import Remark
from tests.wording.samples import AWKWARD, NOW, answered, at, delivered, dossier, labels, parsed, quotes


def test_a_text_in_reply_to_an_answer() -> None:
    remark = Remark(id=6, inquiry_id=12, round=1, person_id=2, text=AWKWARD, created_at=NOW)
    message = verdicts.remark(dossier(State.ANSWERED, answered()), remark)
    assert str(message.html).startswith("<b>Chất vấn 12/2027: chưa gửi</b>\n")
    assert quotes(message) == [AWKWARD]
    assert labels(message) == [["Gửi hỏi thêm"], ["Chưa đạt yêu cầu", "Chỉ ghi nhận"]]
    assert [button.data for row in message.rows for button in row] == [
        "sendfur:r6:1",
        "sendins:r6:1",
        "note:r6:1",
    ]


def test_a_reason_that_was_asked_for_offers_first_what_was_pressed() -> None:
    remark = Remark(id=6, inquiry_id=12, round=1, person_id=2, text="Chưa nêu lý do.", created_at=NOW)
    message = verdicts.remark(dossier(State.ANSWERED, answered()), remark, is_reason=True)
    assert labels(message) == [["Chưa đạt yêu cầu"], ["Gửi hỏi thêm", "Chỉ ghi nhận"]]


def test_accepted() -> None:
    message = verdicts.accepted_to_head(dossier(State.ACCEPTED, answered()), at("08:05 07/12/2026"))
    assert str(message.html) == (
        "✅ <b>Chất vấn 12/2027 kết thúc</b>\nĐ/c Trần Văn Bình: đạt yêu cầu, 08:05 07/12."
    )


def test_closed_without_a_verdict() -> None:
    message = verdicts.lapsed_to_head(dossier(State.LAPSED, answered()))
    assert str(message.html) == (
        "<b>Chất vấn 12/2027 kết thúc</b>\nĐã trả lời 04/12; người hỏi không có ý kiến thêm."
    )


def test_reopened() -> None:
    message = verdicts.reopened_to_head(dossier(State.ANSWERED, answered()), at("08:05 07/12/2026"))
    assert str(message.html) == (
        "<b>Chất vấn 12/2027 được mở lại</b>\n"
        "Đ/c Trần Văn Bình mở lại 08:05 07/12 để cho ý kiến về trả lời. Đồng chí chưa phải trả lời thêm."
    )


def test_withdrawn() -> None:
    shown = dossier(State.WITHDRAWN, delivered(), closing_note="hỏi nhầm vụ việc")
    assert str(verdicts.withdrawn_to_head(shown, at("11:00 01/12/2026")).html) == (
        "<b>Chất vấn 12/2027 đã được rút</b>\n"
        "Đ/c Trần Văn Bình rút 11:00 01/12: hỏi nhầm vụ việc. Đồng chí không phải trả lời."
    )
    shown.inquiry.closing_note = "hỏi nhầm."
    assert "nhầm. Đồng chí" in str(verdicts.withdrawn_to_head(shown, NOW).html)
    shown.inquiry.closing_note = "<x> " * 1000
    parsed(verdicts.withdrawn_to_head(shown, NOW))


def test_twice_not_sufficient() -> None:
    message = verdicts.second_insufficient_to_chief(dossier(State.QUEUED, answered()), AWKWARD)
    assert str(message.html).startswith(
        "<b>Chất vấn 12/2027: hai lần chưa đạt yêu cầu</b>\n"
        "Phú Lộc, đ/c Hồ Minh Tâm · đ/c Trần Văn Bình hỏi\n"
    )
    assert quotes(message) == [AWKWARD]
    assert labels(message) == [["Xem"]]
    parsed(verdicts.second_insufficient_to_chief(dossier(head=None), "ạ" * 4096))
