"""The gallery shows every component in both languages, whole, without a session or a database."""

import re

import pytest
from django.test import Client
from django.urls import reverse

ADDRESS = "/ui/gallery/"
RAW = re.compile(r"{%|%}|{{|}}|{#|<c-[a-z]|</c-")
RUSSIAN_LETTERS = re.compile(r">[^<]*[а-яё]{3,}[^<]*<", re.IGNORECASE)


@pytest.fixture
def gallery():
    """Answer the gallery's markup in a language."""

    def read(language="ru", query=""):
        client = Client(HTTP_HOST="localhost")
        client.cookies["django_language"] = language
        response = client.get(ADDRESS + query)
        assert response.status_code == 200
        return response.content.decode()

    return read


def test_the_gallery_is_open_without_signing_in_and_asks_no_database(gallery):
    """Без пометки о базе любой запрос к ней уронил бы этот тест."""
    assert reverse("ui:gallery") == ADDRESS
    assert "Галерея компонентов" in gallery()


def test_the_gallery_starts_no_session():
    assert "sessionid" not in Client(HTTP_HOST="localhost").get(ADDRESS).cookies


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_template_tag_reaches_the_browser(language, gallery):
    assert not RAW.findall(gallery(language))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_nothing_is_inline(language, gallery):
    """Строгая политика безопасности запрещает стили и скрипты внутри страницы."""
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", gallery(language))


def test_markup_inside_blocks_is_not_escaped(gallery):
    assert not re.search(r"&lt;(p|a|svg|span|div|table)\b", gallery())


def test_no_id_is_used_twice(gallery):
    ids = re.findall(r'\sid="([^"]+)"', gallery())
    assert len(ids) - len(set(ids)) == len([one for one in ids if one == "errors"]) - 1


def test_the_english_gallery_has_no_russian_words(gallery):
    words = [found for found in RUSSIAN_LETTERS.findall(gallery("en")) if "Русский" not in found]
    assert not words


def test_the_long_table_turns_its_pages(gallery):
    assert "1–50 из 487" in gallery(query="?page=1")
    assert "451–487 из 487" in gallery(query="?page=10")


@pytest.mark.parametrize("kind", ["empty", "loading", "error", "forbidden", "offline"])
def test_every_state_of_a_blank_is_there(kind, gallery):
    assert f"o-blank-{kind}" in gallery()


@pytest.mark.parametrize("status", [403, 404, 500, 507])
def test_error_pages_can_be_looked_at(status):
    response = Client(HTTP_HOST="localhost").get(f"{ADDRESS}error/{status}/")
    assert response.status_code == 200
    assert not RAW.findall(response.content.decode())


def test_an_error_page_that_does_not_exist_is_not_found():
    assert Client(HTTP_HOST="localhost").get(f"{ADDRESS}error/418/").status_code == 404
