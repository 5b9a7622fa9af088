"""/caidat: a person's own quiet hours, as buttons that say what is chosen."""

from collections.abc import Collection

from bot.rules.quiet import CHOICES
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.message import Button, Message, button, rows
from storage.kinds import SubjectKind
from storage.people import Member


def card(member: Member, chosen: Collection[str]) -> Message:
    """Return the settings, a row for each choice."""
    return Message(say("quiet.card"), rows(*([_choice(member, name, name in chosen)] for name in CHOICES)))


def _choice(member: Member, name: str, is_chosen: bool) -> Button:
    label = plain(f"quiet.{name}")
    shown = plain("quiet.chosen", label=label) if is_chosen else label
    return button(Tap.QUIET, SubjectKind.PERSON, member.id, extra=name, label=shown)


def toast(name: str, *, is_chosen: bool) -> str:
    return plain("quiet.on" if is_chosen else "quiet.off", label=plain(f"quiet.{name}").lower())
