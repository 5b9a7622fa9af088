"""The tables. Rows only: what may happen to them stands in bot/rules and bot/operations.

Telegram ids are 64 bits wide, enums are stored by value as text, datetimes are aware and in UTC,
amounts are whole đồng. `table=True` models do not validate: what enters has been checked before.
"""

from storage.tables.cases import Case, CaseToken, CaseView, Import, Search
from storage.tables.deadlines import DeadlineMove
from storage.tables.delivery import Card, InboxUpdate, Outgoing, SentMessage
from storage.tables.files import Attachment
from storage.tables.history import Fact, History, HistoryDetail
from storage.tables.inquiries import Answer, AnswerPart, Draft, Inquiry, Prompt, Remark, Round
from storage.tables.people import Account, Branch, Invitation, Person, PersonRole, WrongTry
from storage.tables.reminders import QuietSpan, Reminder, Summary

__all__ = [
    "Account",
    "Answer",
    "AnswerPart",
    "Attachment",
    "Branch",
    "Card",
    "Case",
    "CaseToken",
    "CaseView",
    "DeadlineMove",
    "Draft",
    "Fact",
    "History",
    "HistoryDetail",
    "Import",
    "InboxUpdate",
    "Inquiry",
    "Invitation",
    "Outgoing",
    "Person",
    "PersonRole",
    "Prompt",
    "QuietSpan",
    "Remark",
    "Reminder",
    "Round",
    "Search",
    "SentMessage",
    "Summary",
    "WrongTry",
]
