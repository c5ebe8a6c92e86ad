"""The service worker that keeps pages on a device, so that they open without a line; each room says which."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static


@dataclass(frozen=True)
class Kept:
    """What a worker keeps: files, and pages whose path is like ``pages``.

    name: of its cache, unlike those of other workers. stays: a page that is kept is shown, too, where the
    server answers that it is not to be had now (signed out, gone): what was typed there is not lost.
    """

    name: str
    files: tuple[str, ...]
    pages: str = ""
    stays: bool = False


def worker_of(kept: Kept) -> str:
    """Write a service worker; its version is the digest of what it keeps, so that news arrive."""
    digest = hashlib.sha256()
    for name in kept.files:
        found = finders.find(name)
        assert isinstance(found, str), name
        digest.update(Path(found).read_bytes())
    told = {
        "name": kept.name,
        "version": digest.hexdigest()[:12],
        "files": json.dumps([static(name) for name in kept.files]),
        "pages": json.dumps(kept.pages),
        "stays": json.dumps(kept.stays),
    }
    return render_to_string("ui/worker.js", told)
