"""Who took a list out: what every exported file bears (отметка о выгрузке)."""

from dataclasses import dataclass
from datetime import datetime

from opora.language import _
from opora.ui.numbers import moment


@dataclass(frozen=True)
class Stamp:
    """Who took it, when, as whom; its number is that of the record in the trace."""

    by: str
    role: str
    at: datetime
    number: str  # «25-118»: the chain's territory and the event's place in it

    def words(self) -> str:
        """Say it in one line: the watermark."""
        told = _("Выгрузил(а): {by}, {role}, {at}; запись в журнале № {number}")
        return told.format(by=self.by, role=self.role, at=moment(self.at), number=self.number)
