"""The story that the demo plays: one inquiry from the question to its end, and what is around it."""

import asyncio
import re
import shlex
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo import province
from bot.demo.backstage import Backstage, PlayBroken
from bot.demo.messages import Message
from bot.demo.narrator import Narrator
from bot.demo.phones import Phone
from bot.demo.province import ADMIN, CHIEF, DEPUTY_LEADER, HEAD, OBSERVER, OTHER_HEAD, Person
from bot.demo.standin import StandIn

PATIENCE = 15.0  # seconds for the bot to react, on a slow machine too
SILENCE = 0.2  # seconds without anything new, after which a step is over
LONGEST_STEP = 3.0  # seconds to wait for that silence
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


class Actor:
    """Somebody with a phone. What does not happen is said in Vietnamese."""

    def __init__(self, phone: Phone, narrator: Narrator, person: Person | None, pace: float) -> None:
        self.phone, self._narrator, self._pace = phone, narrator, pace
        self.name = narrator.introduce(phone.id, person).name
        self._since = 0

    async def types(self, text: str, reply_to: Message | None = None) -> None:
        """Write to the bot; what is seen next must come after this."""
        await self._pause()
        await self.phone.send(text, reply_to=reply_to)

    async def opens(self, link: str) -> None:
        """Open a link of an invitation and press START."""
        await self._pause()
        async with _complaining(f"Đường dẫn {link} không mở đúng bot"):
            await self.phone.open_link(link)

    async def presses(self, message: Message, label: str) -> str:
        """Press a button; return the words that flash up."""
        await self._pause()
        self._narrator.press(self.phone.id, label)
        async with _complaining(f"Nút “{label}” trên máy của {self.name} không có hoặc không tác dụng"):
            return await self.phone.press(message, label, PATIENCE)

    async def sees(self, words: str, *buttons: str) -> Message:
        """Wait for a message with these words and buttons, new or changed since the own last act."""
        async with _complaining(f"Máy của {self.name} không hiện “{words}” sau {PATIENCE:.0f} giây"):
            return await self.phone.expect(words, PATIENCE, self._since, buttons)

    async def _pause(self) -> None:
        await asyncio.sleep(self._pace)
        self._since = self.phone.mark()

    def attend(self) -> None:
        """What is seen next must come after this moment."""
        self._since = self.phone.mark()


@asynccontextmanager
async def _complaining(sentence: str) -> AsyncIterator[None]:
    try:
        yield
    except AssertionError:
        raise PlayBroken(f"{sentence}.") from None


class Story:
    """The play, step by step; `pace` is how many seconds people take before they type or press."""

    def __init__(self, standin: StandIn, narrator: Narrator, pace: float = 0.0) -> None:
        self.standin, self.narrator, self.pace = standin, narrator, pace
        self.actors: dict[Person, Actor] = {}
        self._accounts = count(1001)
        self._number = ""  # of the inquiry, as 12/2027
        self._news = asyncio.Event()
        standin.on_event(lambda _event: self._news.set())

    async def play(self) -> None:
        """Play everything that happens on the phones, once everybody is enrolled. Raises PlayBroken."""
        await self.turn_a_stranger_away()
        notice = await self.ask()
        answer = await self.answer(notice)
        answer = await self.ask_further(answer)
        await self.accept(answer)
        await self.ask_urgently()
        await self.look_up()
        await self.refuse_secrets()

    def actor(self, person: Person | None) -> Actor:
        """A new phone in somebody's hand; None is a stranger."""
        first, last = (person.given_name, person.name.split()[0]) if person else ("Người lạ", "")
        phone = self.standin.phone(next(self._accounts), first_name=first, last_name=last)
        return Actor(phone, self.narrator, person, self.pace)

    async def _begin(self, title: str) -> None:
        """Let what the last step set off arrive, then begin another one."""
        until = time.monotonic() + LONGEST_STEP
        while time.monotonic() < until:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), SILENCE)
            except TimeoutError:
                break
        self.narrator.heading(title)

    def _cast(self, *people: Person) -> list[Actor]:
        """The actors of a step, all of whom see only what comes from now on."""
        actors = [self.actors[person] for person in people]
        for actor in actors:
            actor.attend()
        return actors

    async def enrol(self, links: dict[Person, str]) -> None:
        """Everybody opens the link that the server printed."""
        await self._begin("Đăng ký: mỗi người mở đường dẫn của mình, một lần")
        for at, (person, link) in enumerate(links.items()):
            self.narrator.is_brief = at > 0
            self.actors[person] = self.actor(person)
            await self.actors[person].opens(link)
            await self.actors[person].sees("Đã đăng ký", "Tôi đã đọc", "Không phải tôi")
            await self.actors[ADMIN].sees(f"Đ/c {person.name}")
        self.narrator.is_brief = False

    async def turn_a_stranger_away(self) -> None:
        await self._begin("Người lạ không biết được gì")
        stranger = self.actor(None)
        await stranger.types("Xin chào, đây là cơ quan nào?")
        await stranger.sees("Hệ thống nội bộ, chỉ dùng cho người được cấp mã.")

    async def ask(self) -> Message:
        """Return the notice on the head's phone."""
        await self._begin("Lãnh đạo chất vấn: gõ số quyết định, đơn vị, câu hỏi")
        leader, head = self._cast(DEPUTY_LEADER, HEAD)
        await leader.types("151 phu loc vi sao den nay chua ke bien tai san, khi nao thuc hien")
        draft = await leader.sees("BẢN NHÁP, chưa gửi", "Gửi chất vấn")
        toast = await leader.presses(draft, "Gửi chất vấn")
        found = re.search(r"[0-9]+/[0-9]{4}", toast)
        if found is None:
            raise PlayBroken(f"Gửi chất vấn xong, bot không báo số: “{toast}”.")
        self._number = found[0]
        notice = await head.sees(f"Chất vấn {self._number} · Thường", "Đã nhận", "Trả lời")
        await leader.sees(f"Chất vấn {self._number} · Đã chuyển")
        return notice

    async def answer(self, notice: Message) -> Message:
        """Return the answer on the leader's phone."""
        await self._begin("Người đứng đầu đơn vị: nhận, trả lời, xem lại rồi mới gửi")
        leader, head = self._cast(DEPUTY_LEADER, HEAD)
        await head.presses(notice, "Đã nhận")
        await leader.sees(f"Chất vấn {self._number} · Đã nhận")
        await head.types("Đã xác minh: có quyền sử dụng đất 210 m² tại xã Lộc An.", reply_to=notice)
        await self._send_answer(head)
        return await leader.sees(f"Trả lời chất vấn {self._number}", "Đạt yêu cầu", "Hỏi thêm")

    async def ask_further(self, answer: Message) -> Message:
        """Return the second answer on the leader's phone."""
        await self._begin("Lãnh đạo hỏi thêm, đơn vị trả lời lần 2")
        leader, head = self._cast(DEPUTY_LEADER, HEAD)
        await leader.presses(answer, "Hỏi thêm")
        await leader.sees("Hỏi thêm, chất vấn")
        await leader.types("Kê biên vào ngày nào, ai chịu trách nhiệm?")
        remark = await leader.sees(f"Chất vấn {self._number}: chưa gửi", "Gửi hỏi thêm")
        await leader.presses(remark, "Gửi hỏi thêm")
        notice = await head.sees(f"Chất vấn {self._number}: hỏi thêm (lần 2)", "Trả lời")
        await head.presses(notice, "Trả lời")
        await head.sees(f"Trả lời chất vấn {self._number}")
        day = datetime.now(HANOI) + timedelta(days=21)
        await head.types(
            f"Kê biên trước ngày {day:%d/%m/%Y}. CHV Lê Quang Huy thực hiện, tôi chịu trách nhiệm."
        )
        await self._send_answer(head)
        return await leader.sees(f"Trả lời chất vấn {self._number}, lần 2", "Đạt yêu cầu")

    async def _send_answer(self, head: Actor) -> None:
        preview = await head.sees("CHƯA GỬI · xem lại trả lời", "Gửi trả lời", "Viết thêm")
        await head.presses(preview, "Gửi trả lời")
        await head.sees("Đã gửi trả lời chất vấn")

    async def accept(self, answer: Message) -> None:
        await self._begin("Lãnh đạo cho ý kiến: đạt yêu cầu")
        leader, head = self._cast(DEPUTY_LEADER, HEAD)
        await leader.presses(answer, "Đạt yêu cầu")
        await leader.sees(f"✅ Chất vấn {self._number}, lần 2 · Kết thúc")
        await head.sees(f"✅ Chất vấn {self._number} kết thúc")

    async def ask_urgently(self) -> None:
        await self._begin("Cục trưởng hỏi khẩn một đơn vị khác")
        chief, head = self._cast(CHIEF, OTHER_HEAD)
        await chief.types("88 huế bao giờ giao đất cho người được thi hành án?")
        draft = await chief.sees("BẢN NHÁP, chưa gửi", "Mức khẩn")
        await chief.presses(draft, "Mức khẩn")
        draft = await chief.sees("BẢN NHÁP, chưa gửi", "Khẩn")
        await chief.presses(draft, "Khẩn")
        draft = await chief.sees("Mức: Khẩn", "Gửi chất vấn")
        await chief.presses(draft, "Gửi chất vấn")
        notice = await head.sees("· Khẩn", "Đã nhận")
        await head.presses(notice, "Đã nhận")
        await chief.sees("· Đã nhận")

    async def look_up(self) -> None:
        await self._begin("Tra cứu: việc đang xử lý, một chất vấn, một vụ việc")
        observer, leader = self._cast(OBSERVER, DEPUTY_LEADER)
        await observer.types("/dangxuly")
        await observer.sees("Đang xử lý: 1 chất vấn")
        await leader.types(f"/xem_{self._number.partition('/')[0]}")
        await leader.sees("Quá trình")
        await leader.types("/vuviec nguyen van duc")
        await leader.sees("Nguyễn Văn Đức", "Chất vấn vụ này")

    async def refuse_secrets(self) -> None:
        await self._begin("Tin có dấu chỉ độ mật: không lưu, không chuyển, xóa ngay")
        (head,) = self._cast(HEAD)
        await head.types("MẬT\nBáo cáo vụ 151")
        await head.sees("Không nhận: tin có dấu chỉ độ mật")

    async def check_history(self, office: Backstage) -> None:
        """Ask the server whether the history holds."""
        await self._begin("Trên máy chủ: kiểm tra lịch sử")
        self.narrator.command("chatvan verify", await office.run("verify"))


async def set_up(office: Backstage, narrator: Narrator) -> dict[Person, str]:
    """Start the bot, import the register, invite everybody; return the link of each person."""
    narrator.heading("Trên máy chủ: chạy bot, nhập danh sách vụ việc, cấp mã cho từng người")
    register = office.folder / "danh-sach.xlsx"
    province.write_register(register, today=datetime.now(HANOI).date())
    narrator.command("chatvan run", [])
    await office.start_bot()
    imported, *invited = await _all(
        office.run("import", "cases", str(register)),
        *(office.run("invite", *person.invitation()) for person in province.PEOPLE),
    )
    narrator.command(f"chatvan import cases {register.name}", imported)
    for person, printed in zip(province.PEOPLE, invited, strict=True):
        narrator.command(shlex.join(["chatvan", "invite", *person.invitation()]), printed[-1:])
    return {person: printed[-1] for person, printed in zip(province.PEOPLE, invited, strict=True)}


async def _all(*work: Coroutine[Any, Any, list[str]]) -> list[list[str]]:
    """Run commands beside one another; the first failure ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
