"""Where most stories begin: a question that was asked, an answer that lies before its asker."""

from dataclasses import dataclass

from bot.demo.messages import Message
from bot.demo.phones import Phone
from tests.office import PlayedOffice, case

QUESTION = "vi sao den nay chua ke bien tai san"


@dataclass
class Round:
    """Bình asked Tâm: the asker's live card, the head's notice, and the answer once there is one."""

    office: PlayedOffice
    binh: Phone
    tam: Phone
    card: Message
    notice: Message

    async def write(self, text: str = "Kê biên trước ngày 15/12/2026.") -> Message:
        """The head answers by a swipe; returns the preview."""
        mark = self.tam.mark()
        await self.tam.send(text, reply_to=self.notice)
        return await self.tam.expect("CHƯA GỬI · xem lại trả lời", after=mark, buttons=["Gửi trả lời"])

    async def answer(self, text: str = "Kê biên trước ngày 15/12/2026.") -> Message:
        """The head answers and sends; returns the answer as the asker sees it."""
        preview = await self.write(text)
        mark = self.binh.mark()
        assert await self.tam.press(preview, "Gửi trả lời") == "Đã gửi trả lời."
        answer = await self.binh.expect("Trả lời chất vấn 1/2027", after=mark, buttons=["Đạt yêu cầu"])
        await self.office.settle()
        return answer

    async def find(self, answer: Message, label: str, words: str) -> None:
        """The asker presses “Hỏi thêm” or “Chưa đạt yêu cầu”, writes, and sends; the new notice is Tâm's."""
        mark = self.binh.mark()
        await self.binh.press(answer, label)
        await self.binh.expect("Chưa gửi cho ai", after=mark)
        await self.binh.send(words)
        choice = await self.binh.expect("Chất vấn 1/2027: chưa gửi", after=mark)
        seen = self.tam.mark()
        await self.binh.press(choice, "Gửi hỏi thêm" if label == "Hỏi thêm" else "Chưa đạt yêu cầu")
        self.notice = await self.tam.expect("Chất vấn 1/2027: ", after=seen, buttons=["Trả lời"])
        await self.office.settle()


async def asked(office: PlayedOffice, question: str = QUESTION) -> Round:
    """Bình, a deputy leader, asks Tâm, the head of Phú Lộc, about 150/QĐ-CCTHADS."""
    await office.cases(case("150"))
    binh, tam = await office.leader(), await office.head()
    await office.ask(binh, f"150 phu loc {question}")
    notice = await tam.expect("Chất vấn 1/2027 · ")
    card = await binh.expect("Chất vấn 1/2027 · Đã chuyển")
    return Round(office, binh, tam, card, notice)


async def shown(office: PlayedOffice, phone: Phone, text: str) -> Message:
    """Return the bot's answer to a text that somebody sends."""
    await office.settle()
    mark = phone.mark()
    await phone.send(text)
    await office.settle()
    return await phone.expect(after=mark)


async def staffed(office: PlayedOffice) -> tuple[Phone, Phone]:
    """Two branches with the number 151, one with 150; Bình asks, Tâm heads Phú Lộc."""
    await office.cases(
        case("150"),
        case("151", debtor="Trần Thị Hà"),
        case("151", "A Lưới", debtor="Hồ Văn Nghĩa"),
        case("152", debtor="Lê Thị Lan"),
    )
    return await office.leader(), await office.head()
