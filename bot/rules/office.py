"""What differs from office to office, as the rules and the operations need it: a plain value.

Made from the settings once, at start. Titles and nouns come in two ready profiles (domain.md): the
organisation of 2018, in which the directive was written, and the one since July 2025.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.rules.deadlines import DEFAULT_LIMITS, Deadline, Limit, deadline, fixed_deadline
from bot.rules.workdays import Calendar
from storage.kinds import Role, Urgency


@dataclass(frozen=True)
class Profile:
    """The nouns and titles of one organisation of the field."""

    department: str
    leadership: str
    secretariat: str
    branch_noun: str
    branch_full_noun: str
    chief: str
    titles: Mapping[Role, str]


PROFILES: Mapping[str, Profile] = {
    "2018": Profile(
        department="Cục Thi hành án dân sự",
        leadership="Lãnh đạo Cục",
        secretariat="Văn phòng Cục",
        branch_noun="Chi cục",
        branch_full_noun="Chi cục THADS",
        chief="Cục trưởng",
        titles={
            Role.LEADER: "Phó Cục trưởng",
            Role.HEAD: "Chi cục trưởng",
            Role.DEPUTY: "Phó Chi cục trưởng",
            Role.OFFICER: "Chấp hành viên",
            Role.OBSERVER: "Phòng chuyên môn",
            Role.ADMIN: "Quản trị hệ thống",
        },
    ),
    "2025": Profile(
        department="Thi hành án dân sự tỉnh",
        leadership="Lãnh đạo Thi hành án dân sự tỉnh",
        secretariat="Văn phòng Thi hành án dân sự tỉnh",
        branch_noun="Phòng",
        branch_full_noun="Phòng THADS",
        chief="Trưởng Thi hành án dân sự tỉnh",
        titles={
            Role.LEADER: "Phó Trưởng Thi hành án dân sự tỉnh",
            Role.HEAD: "Trưởng phòng THADS khu vực",
            Role.DEPUTY: "Phó Trưởng phòng THADS khu vực",
            Role.OFFICER: "Chấp hành viên",
            Role.OBSERVER: "Phòng chuyên môn",
            Role.ADMIN: "Quản trị hệ thống",
        },
    ),
}


@dataclass(frozen=True)
class Office:
    """One office: its words, its calendar, its limits."""

    profile: Profile = PROFILES["2018"]
    phone: str = ""
    calendar: Calendar = field(default_factory=Calendar)
    limits: Mapping[Urgency, Limit] = field(default_factory=lambda: DEFAULT_LIMITS)
    further: Limit = field(default_factory=lambda: Limit(working_days=2))
    verdict_days: int = 20  # working days without a verdict, after which an inquiry closes
    code_lasts: timedelta = timedelta(days=7)
    wrong_tries: int = 5
    tries_locked_for: timedelta = timedelta(hours=1)
    prompt_lasts: timedelta = timedelta(minutes=30)
    retention_years: int = 10
    summary_weekday: int = 4  # from Monday as 0
    summary_time: time = time(16, 0)

    def limit(self, urgency: Urgency, round: int = 1) -> Limit:
        """Return the time allowed for a round: from the second on, no longer than `further`."""
        limit = self.limits[urgency]
        if round == 1 or limit.working_days is None or self.further.working_days is None:
            return limit
        return min(limit, self.further, key=lambda one: one.working_days or 0)

    def reckon(
        self, delivered_at: datetime, urgency: Urgency, round: int = 1, due_on: date | None = None
    ) -> Deadline:
        """Return the deadline of a round delivered at `delivered_at`; its asker may have set `due_on`."""
        if due_on is not None:
            return fixed_deadline(delivered_at, due_on, calendar=self.calendar)
        limits = {urgency: self.limit(urgency, round)}
        return deadline(delivered_at, urgency, calendar=self.calendar, limits=limits)

    def title_of(self, role: Role, *, is_chief: bool = False) -> str:
        """Return the title of a person for whom none was given."""
        return self.profile.chief if is_chief else self.profile.titles[role]

    def full_branch_name(self, name: str) -> str:
        """Return `Chi cục THADS huyện Phú Lộc` for `huyện Phú Lộc`; a name that says so already stays."""
        is_full = name.casefold().startswith(self.profile.branch_noun.casefold())
        return name if is_full else f"{self.profile.branch_full_noun} {name}"
