"""What people read after the bot was away."""

from bot.wording import outages
from storage.kinds import State
from tests.wording.samples import MOVE, at, dossier, parsed, received


def test_a_short_outage_without_a_deadline_in_it() -> None:
    message = outages.told([dossier()], at("09:00 30/11/2026"), at("11:00 30/11/2026"))
    assert str(message.html) == "Hệ thống ngừng từ 09:00 30/11 đến 11:00 30/11, nay hoạt động lại."


def test_deadlines_that_fell_into_it_are_named() -> None:
    moved = dossier(State.RECEIVED, received(), move=MOVE)
    lines = str(outages.told([moved, dossier()], MOVE.away_from, MOVE.away_until).html).splitlines()
    assert lines == [
        "Hệ thống ngừng từ 16:30 04/12 đến 16:00 07/12, nay hoạt động lại; hạn rơi vào lúc đó được lùi:"
        " chất vấn 12/2027 đến 17:00 thứ Hai, 07/12/2026.",
        "Tin gửi trước 16:00 06/12 trong lúc đó có thể không đến hệ thống; nếu chưa thấy phản hồi,"
        " đề nghị đồng chí gửi lại.",
    ]


def test_a_move_of_an_earlier_outage_is_not_told_again() -> None:
    moved = dossier(State.RECEIVED, received(), move=MOVE)
    html = str(outages.told([moved], at("09:00 08/12/2026"), at("11:00 08/12/2026")).html)
    assert "lùi" not in html


def test_very_many_moves_fit() -> None:
    moved = [dossier(State.RECEIVED, received(), number=number, move=MOVE) for number in range(1, 200)]
    message = outages.told(moved, MOVE.away_from, MOVE.away_until)
    parsed(message)
    assert "chất vấn 20/2027 đến 17:00 thứ Hai, 07/12/2026, …." in str(message.html)
