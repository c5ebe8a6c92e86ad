"""A school on one list of a run: what an objection or a decision is about."""

from dataclasses import dataclass

from opora.identification.models import Run
from opora.registry.models import School


@dataclass(frozen=True)
class OnList:
    """A school on one list of a run, or not yet on it."""

    run: Run
    list: str
    school: School
