"""What is wrong with the service, in words: one sentence what, one what to do."""

from datetime import datetime

from bot.rules.health import Trouble
from bot.wording.catalogue import plain, say
from bot.wording.message import Message


def what(trouble: Trouble) -> str:
    """Return what is wrong, without a full stop."""
    return plain(f"trouble.{trouble}")


def remedy(trouble: Trouble) -> str:
    """Return what to do, in sentences."""
    return plain(f"trouble.{trouble}_remedy")


def red(trouble: Trouble, since: datetime) -> Message:
    """Return the alarm that tells of a trouble."""
    return Message(say("alarms.red", what=what(trouble), since=since, remedy=remedy(trouble)))


def over(trouble: Trouble, since: datetime, until: datetime) -> Message:
    """Return the message that a trouble is over; it says all, should the alarm never have gone out."""
    return Message(say("alarms.over", what=what(trouble), since=since, until=until))
