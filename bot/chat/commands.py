"""The table of commands: it drives what is understood, each role's menu, and /trogiup.

A new command is one row here, its handler, and its texts (`command.<name>` in the catalogue).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from markupsafe import Markup

from bot.chat.desk import Desk
from bot.chat.handlers import (
    answers,
    calendars,
    cancelling,
    cases,
    drafts,
    inquiries,
    quiet,
    staff,
    summaries,
    urging,
)
from bot.wording.catalogue import plain, say
from bot.wording.message import Message
from bot.wording.people import RANK
from storage.kinds import Role

EVERYBODY = frozenset(Role)
READERS = frozenset({Role.LEADER, Role.HEAD, Role.OBSERVER})
SEARCHERS = READERS | {Role.OFFICER}


@dataclass(frozen=True)
class Command:
    """A command as it is typed, what it does, whose menu shows it, and hidden other names."""

    name: str
    run: Callable[[Desk, str], None]
    roles: frozenset[Role]
    aliases: tuple[str, ...] = ()


def trogiup(desk: Desk, _words: str) -> None:
    """/trogiup: how the person's own work is done here, and the person's commands."""
    roles = desk.member.roles
    how = [say(f"help.{role}") for role in RANK if role in roles and role is not Role.DEPUTY]
    lines = [
        say("help.command", name=command.name, text=plain(f"command.{command.name}"))
        for command in menu(roles)
    ]
    desk.reply(Message(say("help.text", how=Markup("\n").join(how), commands=lines)))


COMMANDS = (
    Command("chatvan", drafts.chatvan, frozenset({Role.LEADER}), ("hoi", "cv")),
    Command("dangxuly", inquiries.dangxuly, SEARCHERS, ("danhsach", "ds")),
    Command("xem", inquiries.xem, READERS),
    Command("quahan", urging.quahan, READERS, ("tre", "trehan")),
    Command("dondoc", urging.dondoc, frozenset({Role.LEADER, Role.HEAD}), ("nhac",)),
    Command("traloi", answers.traloi, frozenset({Role.HEAD})),
    Command("vuviec", cases.vuviec, SEARCHERS, ("tim", "timkiem")),
    Command("tonghop", summaries.tonghop, READERS, ("tuan", "baocao")),
    Command("donvi", summaries.donvi, READERS),
    Command("lichnghi", calendars.lichnghi, EVERYBODY, ("lich", "ngaynghi")),
    Command("nguoidung", staff.nguoidung, frozenset({Role.ADMIN})),
    Command("caidat", quiet.caidat, EVERYBODY, ("settings", "chuong")),
    Command("huy", cancelling.huy, EVERYBODY, ("cancel", "thoi")),
    Command("trogiup", trogiup, EVERYBODY, ("help", "huongdan", "start")),
)
BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}


def menu(roles: Collection[Role]) -> list[Command]:
    """Return the commands that people of these roles see in their menu."""
    return [command for command in COMMANDS if not command.roles.isdisjoint(roles)]
