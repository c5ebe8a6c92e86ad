"""What the import desk shows."""

from dataclasses import dataclass

from opora.results.pages import FileReport


@dataclass(frozen=True)
class DeskRow:
    """A file on the desk as it is now."""

    key: str
    name: str
    pill: str  # state of a pill
    label: str
    note: str
    percent: int | None  # of what has come, while it comes
    report: FileReport | None  # what became of it
    what: str  # why it was not read
    allowed: str
    may_clear: bool


@dataclass(frozen=True)
class DeskPage:
    """The desk of one person: the files of the last day, and how far they are."""

    rows: tuple[DeskRow, ...]
    total: int
    accepted: int
    repeated: int
    refused: int
    waiting: int
    broken_off: int
    is_busy: bool  # something changes by itself
    version: str  # of everything shown: a page that shows it need not be drawn again

    @property
    def hidden(self) -> int:
        return self.total - len(self.rows)
