"""Takes a file that a pack has saved: its records, then its photos, each once."""

from dataclasses import dataclass

from django.utils import timezone

from opora.accounts.models import User
from opora.language import _
from opora.visits.access import held_visits
from opora.visits.models import VisitPhoto
from opora.visits.numbers import MOST_AT_ONCE
from opora.visits.pictures import PictureRefused
from opora.visits.taking.actions import Told, keep_photo, take_records
from opora.visits.taking.reading import FileRefused, read_export


@dataclass(frozen=True)
class FileTaken:
    """What became of a file. photos: how many the visit has now. refused: names with reasons."""

    visit: int
    school: str
    received: int
    already: int
    photos: int
    refused: tuple[tuple[str, str], ...]


def take_file(content: bytes, by: User) -> FileTaken:
    """Take a file of a visit that somebody holds.

    Raises: FileRefused.
    """
    export = read_export(content)
    visit = held_visits(by, timezone.localdate()).select_related("school").filter(pk=export.visit).first()
    if visit is None:
        raise FileRefused(_("Визита из этого файла нет или он вам не открыт."))
    answers = []
    for place in range(0, len(export.records), MOST_AT_ONCE):
        answers += take_records(visit, export.records[place : place + MOST_AT_ONCE], by)
    refused = [(one.uuid, one.why) for one in answers if one.told == Told.REFUSED]
    for digest, photo in export.photos.items():
        try:
            keep_photo(visit, digest, photo, by)
        except PictureRefused as refusal:
            refused.append((digest[:12], str(refusal)))
    return FileTaken(
        visit=visit.pk,
        school=str(visit.school),
        received=sum(one.told == Told.RECEIVED for one in answers),
        already=sum(one.told == Told.ALREADY for one in answers),
        photos=VisitPhoto.objects.filter(visit=visit).count(),
        refused=tuple(refused),
    )
