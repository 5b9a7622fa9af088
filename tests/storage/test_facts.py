"""Single remembered values."""

from sqlmodel import Session

from storage import facts


def test_what_is_remembered_is_recalled(session: Session) -> None:
    assert facts.recall(session, "telegram.username") is None
    facts.remember(session, "telegram.username", "chatvan_bot")
    facts.remember(session, "codes.salt", "đ")
    session.expire_all()
    assert facts.recall(session, "telegram.username") == "chatvan_bot"
    facts.remember(session, "telegram.username", "chatvan_moi_bot")
    session.expire_all()
    assert facts.recall(session, "telegram.username") == "chatvan_moi_bot"
    assert facts.recall(session, "codes.salt") == "đ"
