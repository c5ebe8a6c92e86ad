"""What every answer tells the browser, and that no page needs what the policy forbids."""

import re
import subprocess
import sys

import pytest
from django.test import Client

from tests.repo.tree import SOURCE, files, is_vendored, place, report

PAGES = [
    "/sign-in/",
    "/password/forgotten/",
    "/password/sent/",
    "/sign-in/refused/",
    "/ui/gallery/",
    "/nowhere/",
]
INLINE = re.compile(
    r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE
)


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_tells_the_browser_to_be_strict(client, db, address):
    headers = client.get(address).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert not re.search(r"unsafe|\*|https?:", headers["Content-Security-Policy"])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]


def test_cookies_are_hidden_from_scripts_and_from_other_sites(client, anna, sign_in):
    client.get("/sign-in/")
    sign_in(client)
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name


def test_pages_of_signing_in_are_kept_by_nobody(client, anna, sign_in):
    for address in ("/sign-in/", "/password/forgotten/"):
        assert "no-store" in client.get(address).headers["Cache-Control"], address
    sign_in(client)
    assert "no-store" in client.get("/security/").headers["Cache-Control"]


def test_no_page_of_ours_has_a_script_or_a_style_of_its_own():
    """В шаблонах и картинках нет встроенных скриптов, стилей и обработчиков."""
    faults = []
    for path in files():
        if (
            not path.is_relative_to(SOURCE)
            or path.suffix not in {".html", ".svg", ".py"}
            or is_vendored(path)
        ):
            continue
        text = path.read_text(encoding="utf-8")
        found = INLINE.finditer(text) if path.suffix != ".py" else re.finditer(r"<[a-z]+[^>]*\sstyle=", text)
        faults += [place(path, text[: one.start()].count("\n") + 1) + f": {one[0]}" for one in found]
    report(faults, "inline scripts and styles break the policy:")


def settings_behind(**environment):
    """Ask a program with this environment what ``check --deploy`` finds."""
    import os

    # A browser of an earlier test has asked for leave that no program of real use has.
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy"],
        env={
            **inherited,
            "DJANGO_SETTINGS_MODULE": "opora.config.settings",
            "PYTHONPATH": str(SOURCE.parent),
        }
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, set(re.findall(r"\((\S+\.[EW]\d+)\)", done.stderr))


def test_a_demo_does_not_pass_for_real_use():
    code, found = settings_behind(OPORA_SECOND_FACTOR="optional", OPORA_TLS="")
    assert code == 1
    assert {"opora.accounts.E001", "opora.accounts.E002", "opora.accounts.W001"} <= found


def test_real_use_has_nothing_to_mend():
    code, found = settings_behind(
        OPORA_SECOND_FACTOR="",
        OPORA_TLS="1",
        OPORA_SMTP="smtp+tls://opora@mail.example",
        OPORA_SECRET_KEY="k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
    )
    assert (code, found) == (0, {"security.W021"})  # no entry in the browsers' own lists is promised


def test_behind_tls_cookies_and_pages_travel_by_it_alone(settings, anna, sign_in):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 3600
    plain = Client()
    assert plain.get("/sign-in/").headers["Location"] == "https://testserver/sign-in/"
    assert plain.get("/healthz").status_code == 200
    assert "max-age=3600" in plain.get("/sign-in/", secure=True).headers["Strict-Transport-Security"]


def test_no_address_of_a_library_is_reachable():
    """Из адресов allauth открыты только те, что названы в таблице; ни один не показывает чужую страницу."""
    from django.urls import get_resolver

    from opora.accounts.urls import ROUTES

    known = {address for address, *_rest in ROUTES}
    reached = set()
    for inner in get_resolver().url_patterns:
        for one in inner.url_patterns:
            module = getattr(one.callback, "view_class", one.callback).__module__
            assert module.startswith("opora."), one.pattern
            if module.startswith("opora.accounts"):
                reached.add(str(one.pattern))
    assert reached == known
