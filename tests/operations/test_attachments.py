"""Files: noted, given a place, recorded by their digests, sent on in their company."""

from typing import Any

import pytest
from sqlmodel import select

from bot.operations import answers, attachments, drafts, inquiries, verdicts
from bot.operations.attachments import Received
from bot.operations.post import About
from bot.wording.catalogue import say
from storage import attachments as stored
from storage import history
from storage.kinds import Act, Lane, Media, OutboxKind, OutboxState, SubjectKind
from storage.tables import Attachment, Inquiry, Outgoing, Remark
from tests.operations.conftest import NOT_YOURS, House, refusal

PHOTO, VOICE = Media.PHOTO, Media.VOICE


def received(media: Media = PHOTO, name: str = "", size: int = 10, album: str = "") -> Received:
    return Received(media, name, size, sha256=f"{media}-{name}", album=album, bot_id=7, file_id=f"id {name}")


def files(house: House, *media: Media, album: str = "", by: Any = None) -> list[Attachment]:
    """Return files that have just come."""
    found = [received(one, str(number), album=album) for number, one in enumerate(media)]
    return attachments.note(house.session, found, by=by or house.binh, now=house.now)


def asked(house: House, *media: Media) -> Inquiry:
    draft = house.draft()
    drafts.take_text(
        house.session,
        draft.id or 0,
        "",
        files=files(house, *media),
        by=house.binh,
        now=house.now,
        office=house.office,
    )
    return drafts.send(house.session, draft.id or 0, by=house.binh, now=house.now, office=house.office)


def shipments(house: House, chat_id: int | None) -> list[dict[str, Any]]:
    """Return what rows of files were queued for a chat."""
    rows = house.session.exec(
        select(Outgoing).where(Outgoing.kind == OutboxKind.FILES, Outgoing.chat_id == chat_id).order_by("id")
    ).all()
    return [row.payload | {"lane": row.lane, "state": row.state} for row in rows]


def details(house: House, inquiry: Inquiry, act: Act) -> dict[str, Any]:
    rows = history.of_inquiry(house.session, inquiry.id or 0)
    return next(found for row, found in rows if row.act == act)


def test_files_of_a_draft_become_those_of_the_question(house: House) -> None:
    inquiry = asked(house, PHOTO, PHOTO, VOICE)
    kept = stored.of(house.session, SubjectKind.INQUIRY, inquiry.id, 1)
    assert [one.media for one in kept] == [PHOTO, PHOTO, VOICE]
    assert details(house, inquiry, Act.ASK)["files"] == [one.sha256 for one in kept]
    album, voice = shipments(house, house.tam.chat_id)
    assert album["files"] == [kept[0].id, kept[1].id]
    assert voice["files"] == [kept[2].id]
    assert (album["html"], album["sound"], album["lane"]) == (
        "Tệp kèm chất vấn 1/2027",
        "never",
        Lane.NOTICE,
    )


def test_the_notice_goes_after_its_files(house: House) -> None:
    asked(house, PHOTO)
    rows = house.session.exec(select(Outgoing).where(Outgoing.chat_id == house.tam.chat_id).order_by("id"))
    assert [row.kind for row in rows] == [OutboxKind.FILES, OutboxKind.CARD]
    assert "Kèm theo: 1 tệp" in house.shows(house.tam, "Chất vấn 1/2027 · Thường")


def test_withdrawn_in_time_the_files_are_not_sent(house: House) -> None:
    inquiry = asked(house, PHOTO)
    house.withdraw(inquiry)
    (row,) = shipments(house, house.tam.chat_id)
    assert row["state"] is OutboxState.FAILED


def test_nothing_is_recorded_where_nothing_was_attached(house: House) -> None:
    assert "files" not in details(house, house.queued(), Act.ASK)


def test_files_of_an_answer(house: House) -> None:
    inquiry = house.delivered()
    answer = answers.write(
        house.session,
        inquiry,
        "",
        files=files(house, PHOTO, by=house.tam),
        round=1,
        message_id=5,
        by=house.tam,
        now=house.now,
        office=house.office,
    )
    answers.send(house.session, answer.id or 0, preview=1, by=house.tam, now=house.now, office=house.office)
    assert len(details(house, inquiry, Act.ANSWER)["files"]) == 1
    (row,) = shipments(house, house.binh.chat_id)
    assert (row["html"], row["about"][0]) == ("Tệp kèm trả lời chất vấn 1/2027", SubjectKind.ANSWER)
    assert "under_card" in row


def test_files_without_a_text_wait_for_one_and_go_with_it(house: House) -> None:
    inquiry = house.answered()
    common: dict[str, Any] = {"round": 1, "by": house.binh, "now": house.now, "office": house.office}
    verdicts.remark(house.session, inquiry, "", files=files(house, PHOTO, PHOTO), **common)
    assert "cần một dòng trích yếu" in house.heard(house.binh)[-1]
    verdicts.remark(house.session, inquiry, "Ảnh này ở đâu?", **common)
    assert "Kèm theo: 2 tệp" in house.heard(house.binh)[-1]
    remark = house.session.exec(select(Remark).where(Remark.text != "")).one()
    verdicts.use_remark(
        house.session, remark.id or 0, Act.ASK_FURTHER, by=house.binh, now=house.now, office=house.office
    )
    assert len(stored.of(house.session, SubjectKind.INQUIRY, inquiry.id, 2)) == 2
    assert len(details(house, inquiry, Act.ASK_FURTHER)["files"]) == 2


def test_a_reason_by_files_alone_is_asked_for_as_a_reason(house: House) -> None:
    inquiry = house.answered()
    verdicts.remark(
        house.session,
        inquiry,
        "",
        files=files(house, PHOTO),
        round=1,
        is_reason=True,
        by=house.binh,
        now=house.now,
        office=house.office,
    )
    assert house.heard(house.binh)[-1].startswith("Chất vấn 1/2027: cần một dòng trích yếu")


def test_files_that_are_only_noted_stand_in_the_record(house: House) -> None:
    inquiry = house.answered()
    verdicts.remark(
        house.session,
        inquiry,
        "Lưu hồ sơ.",
        files=files(house, PHOTO),
        round=1,
        by=house.binh,
        now=house.now,
        office=house.office,
    )
    remark = house.session.exec(select(Remark)).one()
    verdicts.note(house.session, remark.id or 0, by=house.binh, now=house.now)
    assert len(details(house, inquiry, Act.NOTE)["files"]) == 1


def test_whoever_has_no_phone_is_sent_nothing(house: House) -> None:
    absent = house.member("Không Máy", is_enrolled=False)
    about = About(SubjectKind.INQUIRY, 1)
    attachments.send(
        house.session, absent, files(house, PHOTO), say("plain", text="x"), now=house.now, about=about
    )
    assert shipments(house, None) == []


def test_what_has_no_place_is_refused_and_still_counts(house: House) -> None:
    loose = files(house, PHOTO)
    assert "Chỗ này cần chữ" in refusal(lambda: attachments.require_place(loose))
    placed, late = files(house, PHOTO), files(house, VOICE)
    attachments.attach(house.session, placed, SubjectKind.DRAFT, 1)
    attachments.require_place(placed)
    assert "2 tệp" in refusal(lambda: attachments.require_place([*placed, *late]))
    assert attachments.volume_today(house.session, house.binh, now=house.now) == 30
    assert attachments.volume_today(house.session, house.tam, now=house.now) == 0


def test_the_day_begins_at_midnight_in_hanoi(house: House) -> None:
    house.at("23:59 30/11/2026")
    files(house, PHOTO)
    house.at("00:00 01/12/2026")
    files(house, PHOTO, PHOTO)
    assert attachments.volume_today(house.session, house.binh, now=house.now) == 20


def test_an_album_that_was_sent_takes_nothing_more(house: House) -> None:
    inquiry = asked(house, PHOTO)
    (sent,) = stored.of(house.session, SubjectKind.INQUIRY, inquiry.id, 1)
    assert "đến sau khi các tệp cùng nhóm" in refusal(lambda: attachments.require_unsent(house.session, sent))


@pytest.mark.parametrize(("is_sent", "refused"), [(False, False), (True, True)])
def test_an_answer_takes_late_files_until_it_is_sent(house: House, is_sent: bool, refused: bool) -> None:
    inquiry = house.delivered()
    answer = house.answer(inquiry) if is_sent else house.write(inquiry)
    (late,) = files(house, PHOTO, by=house.tam)
    attachments.attach(house.session, [late], SubjectKind.ANSWER, answer.id)
    if refused:
        refusal(lambda: attachments.require_unsent(house.session, late))
    else:
        attachments.require_unsent(house.session, late)


def test_the_files_of_an_inquiry_are_shown_to_those_who_may_see_it(house: House) -> None:
    inquiry = asked(house, PHOTO, VOICE)
    house.send_all()
    house.answer(inquiry)
    for member in (house.dat, house.mai, house.tam):
        assert attachments.show(house.session, inquiry, to=member, now=house.now) == 2
        assert len(shipments(house, member.chat_id)[-2:]) == 2
    for member in (house.son, house.hoa):
        assert refusal(lambda: attachments.show(house.session, inquiry, to=member, now=house.now)) == (  # noqa: B023
            NOT_YOURS
        )


def test_looking_at_files_sends_those_of_answers_too(house: House) -> None:
    inquiry = house.delivered()
    answers.write(
        house.session,
        inquiry,
        "Xong.",
        files=files(house, PHOTO, by=house.tam),
        round=1,
        message_id=5,
        by=house.tam,
        now=house.now,
        office=house.office,
    )
    assert attachments.show(house.session, inquiry, to=house.dat, now=house.now) == 0  # not sent yet
    house.answer(inquiry)
    assert attachments.show(house.session, inquiry, to=house.dat, now=house.now) == 1
    inquiries.look(house.session, inquiry, by=house.dat, now=house.now)


def test_files_without_a_text_are_no_further_question(house: House) -> None:
    """A forged press on what still waits for its line sends nothing."""
    inquiry = house.answered()
    common: dict[str, Any] = {"by": house.binh, "now": house.now, "office": house.office}
    verdicts.remark(house.session, inquiry, "", files=files(house, PHOTO), round=1, **common)
    remark = house.session.exec(select(Remark)).one()
    assert refusal(
        lambda: verdicts.use_remark(house.session, remark.id or 0, Act.FIND_INSUFFICIENT, **common)
    ) == ("Chưa có nội dung; đề nghị đồng chí viết nội dung rồi gửi lại.")
