"""What the narrator tells of files; the rest is told by the played story."""

import io

from rich.console import Console

from bot.demo.files import FILE_KINDS
from bot.demo.narrator import ENCLOSED, Narrator
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.demo.conftest import Bot


def test_every_kind_has_a_name() -> None:
    assert set(ENCLOSED) == {*FILE_KINDS, "contact", "location"}


async def test_files_are_told(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    told = io.StringIO()
    narrator = Narrator(Console(file=told, width=80))
    narrator.introduce(1001, None)
    telegram.on_event(narrator.told)
    await phone.send_file("photo", caption="hiện trường")
    await phone.send_location(reply_to=await phone.send("đây"))
    await bot.upload("sendVoice", {"voice": ("x.oga", b"OggS")}, chat_id=1001)
    assert told.getvalue().splitlines() == [
        "Người lạ (chưa có mã) gửi",
        "  › [ảnh: anh.jpg]",
        "  › hiện trường",
        "Người lạ (chưa có mã) gõ",
        "  › đây",
        "Người lạ (chưa có mã) vuốt tin “đây”, gửi",
        "  › [vị trí]",
        "Người lạ (chưa có mã) nhận tin",
        "  │ [tin thoại: x.oga]",
    ]
