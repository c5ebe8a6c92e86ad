"""What tests of the look share: the gallery as a person gets it, without a server and without a database."""

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client

import opora.ui

UI = Path(opora.ui.__file__).parent


@pytest.fixture(autouse=True)
def no_connection_of_others():
    """Let no request here find open what a test of another room left: these pages ask no database."""
    connections.close_all()


@pytest.fixture
def ui_folder() -> Path:
    """Answer the folder of the room."""
    return UI


@pytest.fixture
def said_in():
    """Speak a language while a test runs."""
    from django.utils import translation

    return translation.override


def answer(client, route):
    """Answer a browser's request with the page or file that the program would send."""
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        found = finders.find(address.path.removeprefix("/static/"))
        if not found:
            return route.fulfill(status=404, body="")
        kind = mimetypes.guess_type(found)[0] or "font/woff2"
        return route.fulfill(body=Path(found).read_bytes(), content_type=kind)
    response = client.get(f"{address.path}?{address.query}")
    headers = {"content-type": response.headers["Content-Type"]}
    return route.fulfill(status=response.status_code, body=response.content, headers=headers)


@pytest.fixture
def shown(new_page):
    """Open an address of the program in a browser of a given size, language and colour scheme."""

    def show(path, size, language="ru", **options):
        client = Client(HTTP_HOST="localhost")
        client.cookies["django_language"] = language
        page = new_page(size, **options)
        page.route("**/*", lambda route: answer(client, route))
        page.goto(f"http://localhost{path}")
        page.wait_for_load_state("networkidle")
        return page

    return show
