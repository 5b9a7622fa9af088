"""The parameters of one call, from JSON, a form or the query string, read as Telegram reads them."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.demo.refusals import JSON, Refusal, bad_request


@dataclass(frozen=True)
class Upload:
    """A file that came with a multipart form."""

    name: str
    content: bytes = field(repr=False)


# Forms carry these JSON-encoded.
STRUCTURED = {
    "reply_markup",
    "reply_parameters",
    "entities",
    "caption_entities",
    "media",
    "message_ids",
    "commands",
    "scope",
    "allowed_updates",
    "link_preview_options",
}


@dataclass(frozen=True)
class Params:
    """Typed access: forms carry everything as text, so "5", 5, "true" and true are all the same here."""

    values: JSON
    uploads: dict[str, Upload]

    def readable(self) -> JSON:
        """All parameters for a record: structures decoded where possible, files by their names."""
        files = {name: upload.name for name, upload in self.uploads.items()}
        return {name: self._readable(name) for name in self.values} | files

    def _readable(self, name: str) -> Any:
        try:
            return self.decoded(name) if name in STRUCTURED else self.values[name]
        except Refusal:
            return self.values[name]

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return default if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in {"true", "1", "yes"}

    def decoded(self, name: str) -> Any:
        """A value that JSON calls carry as it is and forms carry JSON-encoded; None if absent."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def items(self, name: str) -> list[Any] | None:
        """A list, or None if absent."""
        value = self.decoded(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"expected an Array of {name}")
        return value
