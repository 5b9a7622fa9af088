"""/caidat: the settings and what a press on them says."""

import pytest

from bot.wording import quiet
from tests.wording.samples import TAM, labels


def test_the_settings_show_what_is_chosen() -> None:
    message = quiet.card(TAM, {"noon"})
    assert str(message.html) == (
        "<b>Cài đặt: báo chuông</b>\n"
        "Ngoài giờ hành chính: tin đến không báo chuông (mặc định).\n"
        "Đồng chí có thể chọn thêm giờ không báo chuông; tin vẫn đến đủ. Hỏa tốc luôn báo chuông."
    )
    assert labels(message) == [
        ["Không báo chuông trước 08:00"],
        ["✓ Không báo chuông 11:00–14:00"],
        ["Không báo chuông sau 16:30"],
    ]
    assert message.rows[1][0].data == "quiet:u3:0:noon"


@pytest.mark.parametrize(
    ("is_chosen", "said"),
    [(True, "Đã ghi: không báo chuông sau 16:30."), (False, "Đã bỏ: không báo chuông sau 16:30.")],
)
def test_a_press_is_answered(is_chosen: bool, said: str) -> None:
    assert quiet.toast("late", is_chosen=is_chosen) == said
