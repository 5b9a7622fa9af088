"""An office on a real database, without a chat: operations are called, and a small Telegram takes the outbox.

    def test_something(house: House) -> None:
        inquiry = house.delivered()
        verdicts.accept(house.session, inquiry, round=1, by=house.binh, now=house.now)
        assert house.heard(house.tam) == ["…"]

The people are those of every example: leaders Đạt (the chief) and Bình, heads Tâm (Phú Lộc) and Sơn (A Lưới),
officer Huy (Phú Lộc), observer Mai, administrator Hoa. `house.member` makes more.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import TypeVar

import pytest
from sqlmodel import Session, SQLModel, select

from bot.operations import answers, drafts, enrolment, inquiries, verdicts
from bot.operations.refusals import Refusal
from bot.rules.dates import HANOI
from bot.rules.numbers import parse_decision_number
from bot.rules.office import Office
from bot.wording.catalogue import plain
from storage import branches, cases, history, people
from storage.database import Database
from storage.kinds import Act, Role, State
from storage.people import Member
from storage.tables import (
    Account,
    Answer,
    Branch,
    Case,
    CaseView,
    Draft,
    Inquiry,
    Outgoing,
    Person,
    PersonRole,
)
from tests.operations.phones import Phones

Row = TypeVar("Row", bound=SQLModel)
BRANCHES = (
    ("PLOC", "Phú Lộc", "Chi cục THADS huyện Phú Lộc"),
    ("ALUOI", "A Lưới", "Chi cục THADS huyện A Lưới"),
    ("HUE", "TP Huế", "Chi cục THADS thành phố Huế"),
    ("HTHUY", "Hương Thủy", "Chi cục THADS thị xã Hương Thủy"),
)
QUESTION = "vi sao den nay chua ke bien tai san, khi nao thuc hien"


def moment(shown: str) -> datetime:
    """Return a moment in Hanoi: `09:16 30/11/2026`."""
    return datetime.strptime(shown, "%H:%M %d/%m/%Y").replace(tzinfo=HANOI).astimezone(UTC)


def refusal(act: Callable[[], object]) -> str:
    """Return the sentence with which an act is refused."""
    with pytest.raises(Refusal) as caught:
        act()
    return plain(caught.value.key, **caught.value.values)


def missing(kind: type[Row]) -> Row:
    """Return a row that no table holds."""
    return kind(id=999)


NOT_YOURS = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
GONE = "Việc này không còn; chưa có gì thay đổi."
ENDED = "Chất vấn này đã kết thúc."
WITHDRAWN = "Chất vấn này đã được rút."
TOO_EARLY = "Chất vấn này chưa có trả lời."
ROUND_OVER = "Chất vấn này đã sang lần 2; đề nghị dùng tin mới nhất."
SPHERES = [
    ("binh", {"own", "colleague's", "namesake's"}),
    ("dat", {"own", "colleague's", "namesake's"}),
    ("mai", {"own", "colleague's", "namesake's"}),
    ("tam", {"own", "colleague's"}),
    ("son", {"namesake's"}),
    ("huy", {"own"}),
]
"""Who sees which cases of `register`."""


class House(Phones):
    """Builders for rows, and the phones of everybody."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, Office(phone="0234 382 1234"), moment("09:16 30/11/2026"))
        branches.synchronise(session, BRANCHES)
        self._accounts = count(1001)
        self.dat = self.member("Nguyễn Hữu Đạt", Role.LEADER, title="Cục trưởng", is_chief=True)
        self.binh = self.member("Trần Văn Bình", Role.LEADER, title="Phó Cục trưởng")
        self.tam = self.member("Hồ Minh Tâm", Role.HEAD, branch="PLOC", title="Chi cục trưởng")
        self.son = self.member("Lê Văn Sơn", Role.HEAD, branch="ALUOI", title="Chi cục trưởng")
        self.huy = self.member("Lê Quang Huy", Role.OFFICER, branch="PLOC", title="Chấp hành viên")
        self.mai = self.member("Võ Thị Mai", Role.OBSERVER, title="Phòng chuyên môn")
        self.hoa = self.member("Phạm Thị Hoa", Role.ADMIN, title="Quản trị hệ thống")

    # --- rows ---

    def branch(self, code: str = "PLOC") -> Branch:
        found = branches.by_code(self.session, code)
        assert found is not None
        return found

    def member(
        self,
        name: str,
        *roles: Role,
        branch: str | None = None,
        title: str = "",
        is_chief: bool = False,
        is_enrolled: bool = True,
    ) -> Member:
        """Make a person, with an account unless `is_enrolled` is False."""
        branch_id = self.branch(branch).id if branch else None
        person = Person(name=name, title=title, is_chief=is_chief, branch_id=branch_id, created_at=self.now)
        self._keep(person)
        assert person.id is not None
        for role in roles:
            self._keep(PersonRole(person_id=person.id, role=role, named_at=self.now))
        if is_enrolled:
            self.bind(person.id)
        return people.member(self.session, person.id)

    def bind(self, person_id: int, telegram_id: int | None = None) -> int:
        """Give a person an account without any ceremony."""
        telegram_id = telegram_id or next(self._accounts)
        self._keep(
            Account(person_id=person_id, telegram_id=telegram_id, display_name="Tel", bound_at=self.now)
        )
        return telegram_id

    def again(self, member: Member) -> Member:
        """Return a person as they are now."""
        return people.member(self.session, member.id)

    def suspend(self, member: Member) -> Member:
        """Suspend a person without any ceremony."""
        member.person.suspended_at = self.now
        self._keep(member.person)
        return self.again(member)

    def take_off(self, member: Member) -> None:
        """Have the administrator take the account off a person."""
        enrolment.take_off(self.session, self.again(member), by=self.hoa, now=self.now, office=self.office)

    def case(
        self,
        number: str = "150/QĐ-CCTHADS",
        branch: str = "PLOC",
        *,
        decided: date | None = date(2026, 10, 12),
        debtors: str = "Nguyễn Văn Đức",
        creditors: str = "Trần Thị Hà",
        officer: str = "Lê Quang Huy",
        is_listed: bool = True,
    ) -> Case:
        """Put a case into the register."""
        parsed, branch_id = parse_decision_number(number), self.branch(branch).id
        assert branch_id is not None
        case = Case(
            branch_id=branch_id,
            decision_number=parsed.text,
            decision_key=parsed.key,
            decision_serial=parsed.serial,
            decision_on=decided,
            debtors=debtors,
            creditors=creditors,
            officer_name=officer,
            is_listed=is_listed,
        )
        self._keep(case)
        cases.index_words(self.session, case)
        return case

    def _usual_case(self) -> Case:
        found = cases.by_number(self.session, 150, branch_id=self.branch().id)
        return found[0] if found else self.case()

    def _keep(self, row: object) -> None:
        self.session.add(row)
        self.session.flush()

    # --- inquiries, brought where they are wanted by the operations themselves ---

    def draft(self, case: Case | None = None, text: str = QUESTION, *, by: Member | None = None) -> Draft:
        """Begin a draft on a case."""
        case = case or self._usual_case()
        return drafts.begin_on(self.session, case, text, by=by or self.binh, now=self.now, office=self.office)

    def queued(self, case: Case | None = None, text: str = QUESTION, *, by: Member | None = None) -> Inquiry:
        """Ask; the notice waits to be sent, or the inquiry is held."""
        draft = self.draft(case, text, by=by)
        assert draft.id is not None
        return drafts.send(self.session, draft.id, by=by or self.binh, now=self.now, office=self.office)

    def delivered(self, case: Case | None = None, *, by: Member | None = None) -> Inquiry:
        inquiry = self.queued(case, by=by)
        self.send_all()
        assert inquiry.state is State.DELIVERED
        return inquiry

    def receive(self, inquiry: Inquiry, *, round: int = 1, by: Member | None = None) -> None:
        """Have the head press "Đã nhận"."""
        inquiries.receive(
            self.session, inquiry, round=round, by=by or self.tam, now=self.now, office=self.office
        )

    def received(self, case: Case | None = None) -> Inquiry:
        inquiry = self.delivered(case)
        self.receive(inquiry)
        self.send_all()
        return inquiry

    def write(
        self, inquiry: Inquiry, text: str = "Kê biên trước 15/12/2026.", *, by: Member | None = None
    ) -> Answer:
        """Have the head write a part of an answer."""
        return answers.write(
            self.session,
            inquiry,
            text,
            round=inquiry.round,
            message_id=next(self._messages),
            by=by or self.tam,
            now=self.now,
            office=self.office,
        )

    def answer(self, inquiry: Inquiry, text: str = "Kê biên trước 15/12/2026.") -> Answer:
        """Have the head write and send an answer."""
        answer = self.write(inquiry, text)
        assert answer.id is not None
        answers.send(
            self.session, answer.id, preview=answer.preview, by=self.tam, now=self.now, office=self.office
        )
        self.send_all()
        return answer

    def answered(self, case: Case | None = None) -> Inquiry:
        inquiry = self.delivered(case)
        self.answer(inquiry)
        return inquiry

    def further(
        self, case: Case | None = None, act: Act = Act.ASK_FURTHER, text: str = "Khi nào?"
    ) -> Inquiry:
        """Bring an inquiry into its second round, delivered."""
        inquiry = self.answered(case)
        self.ask_on(inquiry, act, text)
        self.send_all()
        return inquiry

    def ask_on(
        self,
        inquiry: Inquiry,
        act: Act = Act.ASK_FURTHER,
        text: str = "Khi nào?",
        *,
        round: int = 1,
        by: Member | None = None,
    ) -> None:
        """Have the asker open the next round."""
        verdicts.ask_on(
            self.session,
            inquiry,
            act,
            text,
            round=round,
            by=by or self.binh,
            now=self.now,
            office=self.office,
        )

    def accept(self, inquiry: Inquiry, *, round: int = 1, by: Member | None = None) -> None:
        """Have the asker press "Đạt yêu cầu"."""
        verdicts.accept(self.session, inquiry, round=round, by=by or self.binh, now=self.now)

    def withdraw(
        self, inquiry: Inquiry, reason: str = "hỏi nhầm vụ việc", *, by: Member | None = None
    ) -> None:
        inquiries.withdraw(self.session, inquiry, reason, by=by or self.binh, now=self.now)

    # --- the clock ---

    def at(self, shown: str) -> None:
        """Set the clock: `10:02 30/11/2026`."""
        self.now = moment(shown)

    # --- what is recorded ---

    def acts(self, inquiry: Inquiry) -> list[str]:
        """Return the acts in an inquiry's history."""
        assert inquiry.id is not None
        return [row.act for row, _details in history.of_inquiry(self.session, inquiry.id)]

    def views(self) -> list[tuple[int, int | None]]:
        """Return who looked at which cases."""
        return [(view.person_id, view.case_id) for view in self.session.exec(select(CaseView)).all()]

    def queued_rows(self) -> int:
        return len(self.session.exec(select(Outgoing)).all())


@pytest.fixture
def session(migrated_url: str) -> Iterator[Session]:
    """A session in one write transaction, as a unit has it; undone at the end."""
    database = Database(migrated_url)
    with database.engine.connect().execution_options(writes=True) as connection:
        transaction = connection.begin()
        with Session(
            bind=connection,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
        ) as session:
            yield session
        transaction.rollback()
    database.close()


@pytest.fixture
def house(session: Session) -> House:
    return House(session)


@pytest.fixture
def register(house: House) -> dict[str, Case]:
    """The cases as Huy would call them: the own one, a colleague's, and a namesake's in A Lưới."""
    return {
        "own": house.case(),
        "colleague's": house.case("151/QĐ-CCTHADS", officer="Trần Lan", debtors="Nguyễn Văn Đức"),
        "namesake's": house.case("152/QĐ-CCTHADS", "ALUOI", officer="Lê Quang Huy", debtors="Hồ Văn Đức"),
    }
