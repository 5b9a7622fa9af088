"""Why something is not done: an exception a reason, carrying the key of the sentence that is shown."""

from typing import Any


class Refusal(Exception):
    """Nothing changed. `key` and `values` make the sentence that the person reads."""

    key = ""

    def __init__(self, **values: Any) -> None:
        super().__init__(self.key)
        self.values = values


class OfInquiry(Refusal):
    """The inquiry stands where the act is not possible: of a text it is said too that it went nowhere."""


class NotYours(Refusal):
    """The person's role and relation to the inquiry do not allow the act."""

    key = "refusal.not_yours"


class Gone(Refusal):
    """What the button speaks of no longer exists, or never did."""

    key = "refusal.gone"


class Already(Refusal):
    """The act was done before; `at` says when."""

    key = "refusal.already"


class Ended(OfInquiry):
    """The inquiry has ended."""

    key = "refusal.ended"


class Withdrawn(OfInquiry):
    """The asker has withdrawn the inquiry."""

    key = "refusal.withdrawn"


class NotEnded(Refusal):
    """The inquiry has not ended, so it cannot be reopened."""

    key = "refusal.not_ended"


class AnsweredBefore(OfInquiry):
    """The round was answered; `name` and `at` say by whom and when."""

    key = "refusal.answered"


class TooEarly(OfInquiry):
    """There is no answer yet."""

    key = "refusal.too_early"


class RoundOver(OfInquiry):
    """The button belongs to a round that is over; `round` is the present one."""

    key = "refusal.round_over"


class NothingWritten(Refusal):
    """The text is empty once trimmed."""

    key = "refusal.empty"


class PreviewOld(Refusal):
    """A newer preview shows more than the one pressed."""

    key = "refusal.preview_old"


class DraftSent(Refusal):
    """The draft has become the inquiry `number`."""

    key = "drafts.sent_already"


class OpenAlready(Refusal):
    """A further question must wait for the answer."""

    key = "refusal.open_already"


class UnknownNumber(Refusal):
    """No inquiry of this number among those that the person may see."""

    key = "refusal.unknown_number"
