"""How a file that cannot be read at all is refused: with one sentence for the person who sent it."""

from opora.results.reading import Problem


class FileRefused(Exception):
    """A file that is not read: empty, broken, protected, disguised or too large."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.what} {problem.allowed}".strip())
        self.problem = problem


def refused(what: str, allowed: str, sheet: str = "", cell: str = "") -> FileRefused:
    """Make the refusal of a whole file from its two sentences."""
    return FileRefused(Problem(sheet=sheet, cell=cell, what=what, allowed=allowed))
