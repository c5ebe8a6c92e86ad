"""Appeals (апелляции) in memory for as long as a batch is read: who changed is found by a salted digest."""

import hashlib
import secrets
from dataclasses import dataclass


@dataclass
class Appeal:
    """One changed result; where it stands, not whose it is."""

    sheet: str
    cell: str
    before: int  # test score or mark that the protocol showed
    primary: int | None
    result: int
    changed: tuple[int, ...]  # when, so that a second change follows the first
    file: int = 0  # the place of its file in the batch
    met: bool = False  # a protocol of the batch has this person


class Appeals:
    """Changed results by person and exam. The salt is new each time and is forgotten with the object."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._found: dict[bytes, list[Appeal]] = {}
        self._file = 0

    def __len__(self) -> int:
        return sum(len(chain) for chain in self._found.values())

    def begin(self, file: int) -> None:
        """Take what follows as coming from the file at this place in the batch."""
        self._file = file

    def add(self, exam: tuple[str, ...], school: str, document: str, appeal: Appeal) -> None:
        """Remember a change until its person is met."""
        appeal.file = self._file
        chain = self._found.setdefault(self._key(exam, school, document), [])
        chain.append(appeal)
        chain.sort(key=lambda one: one.changed)

    def of(self, exam: tuple[str, ...], school: str, document: str) -> list[Appeal]:
        """Answer the changes of one person's result in one exam, first to last."""
        return self._found.get(self._key(exam, school, document), []) if self._found else []

    def files(self) -> set[int]:
        """Answer the places in the batch of the files that the changes came from."""
        return {appeal.file for chain in self._found.values() for appeal in chain}

    def unmet(self, file: int) -> list[Appeal]:
        """Answer the changes of one file whose person no protocol has shown."""
        every = (appeal for chain in self._found.values() for appeal in chain)
        return [appeal for appeal in every if appeal.file == file and not appeal.met]

    def _key(self, exam: tuple[str, ...], school: str, document: str) -> bytes:
        text = "\x1f".join((*exam, school, document)).encode()
        return hashlib.blake2b(text, key=self._salt, digest_size=16).digest()
