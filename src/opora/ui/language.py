"""Chooses the language of a page: the person's choice in a cookie, else Russian; never the browser's."""

import gettext
import io
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import trans_real

ROOT = Path(__file__).resolve().parent.parent


class LanguageMiddleware:
    """Answer in the language that the cookie names.

    A browser's ``Accept-Language`` is ignored on purpose: it would turn the decimal comma into a point for a
    Russian reader whose browser happens to be English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


def chosen_language(request: HttpRequest) -> str:
    """Answer the language in the cookie where Opora speaks it, else the first language of the settings."""
    wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def load_catalogues(root: Path = ROOT) -> list[Path]:
    """Read every room's ``django.po`` into the framework's catalogues and answer which were read.

    The sources are read as they are: no compiled copy can be stale, and nothing needs to be written next to
    an installed package.
    """
    import polib

    read = []
    for path in sorted(root.glob("**/locale/*/LC_MESSAGES/django.po")):
        language = path.parent.parent.name
        if language not in dict(settings.LANGUAGES):
            continue
        compiled = io.BytesIO(polib.pofile(str(path)).to_binary())
        trans_real.translation(language).merge(gettext.GNUTranslations(compiled))
        read.append(path)
    return read
