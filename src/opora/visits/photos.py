"""Files of photos: a folder for each visit, under digests, read only through a page that asks who."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404

from opora.lib import kept_files
from opora.visits.models import Visit, VisitPhoto
from opora.visits.pictures import Picture


def folder(visit: Visit) -> Path:
    """Answer where the photos of a visit lie."""
    return Path(settings.VISIT_PHOTOS) / str(visit.pk)


def lay_down(visit: Visit, picture: Picture) -> str:
    """Keep a photo of a visit; answer the digest of what is kept."""
    return kept_files.lay_down(folder(visit), picture.content)


def where(photo: VisitPhoto) -> Path:
    """Answer where the file of a photo lies."""
    return kept_files.where(folder(photo.visit), photo.kept)


def handed_out(photo: VisitPhoto) -> FileResponse:
    """Answer a photo to show; a browser keeps it for itself and takes it for nothing else.

    Raises: Http404, where the file is not there.
    """
    path = where(photo)
    if not path.exists():
        raise Http404
    response = FileResponse(path.open("rb"), content_type=photo.kind)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=600"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
