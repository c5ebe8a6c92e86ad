"""Reads records as they are kept into what the rules of the protocol take."""

import json
from collections.abc import Iterable

from opora.visits.models import Visit, VisitRecord
from opora.visits.protocol.records import Record


def records_of(visit: Visit) -> list[Record]:
    """Answer all records of a visit that the server has."""
    return [as_told(one) for one in VisitRecord.objects.filter(visit=visit)]


def as_told(kept: VisitRecord) -> Record:
    """Answer a record as its device told it."""
    return Record(**json.loads(kept.canonical))


def all_told(kept: Iterable[VisitRecord]) -> list[Record]:
    """Answer records as their devices told them."""
    return [as_told(one) for one in kept]
