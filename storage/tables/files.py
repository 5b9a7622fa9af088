"""Files that people sent with their questions and answers."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.kinds import Media, SubjectKind
from storage.tables.columns import by_value, id_column


class Attachment(SQLModel, table=True):
    """A file that a person sent. Its bytes lie in the file store under their SHA-256.

    Without a kind it belongs nowhere: it was refused after it had come, and counts for the daily volume only.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_kind_subject_id", "kind", "subject_id"),
        Index("ix_attachments_person_id_received_at", "person_id", "received_at"),
    )

    id: int | None = id_column()
    person_id: int = Field(foreign_key="people.id")
    received_at: datetime
    kind: SubjectKind | None = Field(default=None, sa_type=by_value(SubjectKind))
    subject_id: int | None = None
    round: int = 0  # of an inquiry
    media: Media = Field(sa_type=by_value(Media))
    name: str = ""
    size: int  # bytes
    sha256: str
    album: str = ""  # Telegram's name for what was sent together
    bot_id: int = Field(sa_type=BigInteger)  # a file id is of use to this bot alone
    file_id: str
