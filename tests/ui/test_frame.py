"""The frame says where one is, who one is and in which language, and shows no dead links."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.urls import include, path, reverse

from opora.ui import frame
from opora.ui.frame import Person, Stage

room = (
    [path("list/", HttpResponse, name="list"), path("list/<int:school>/", HttpResponse, name="school")],
    "stage_of_test",
)
other = ([path("files/", HttpResponse, name="files")], "other_stage")
accounts = (
    [path("language/", HttpResponse, name="language"), path("out/", HttpResponse, name="sign_out")],
    "accounts",
)
urlpatterns = [path("", include(room)), path("", include(other)), path("", include(accounts))]

LIST = Stage("Перечень", "stage_of_test:list", ("stage_of_test:school",))
FILES = Stage("Результаты", "other_stage:files", ("other_stage",))
NOWHERE = Stage("Эффект", "effectiveness:nowhere")


@pytest.fixture(autouse=True)
def addresses(settings):
    settings.ROOT_URLCONF = __name__
    settings.STAGES = [("Перечень", "stage_of_test:list"), ("Результаты", "other_stage:files")]


def signed_in(name="Анна Петрова"):
    return SimpleNamespace(is_authenticated=True, get_full_name=lambda: name, get_username=lambda: "anna")


NOBODY = SimpleNamespace(is_authenticated=False)


@pytest.fixture(autouse=True)
def nobody_knows_roles():
    """The frame by itself: no room describes people or decides what is open."""
    frame.describe_people_by(frame.plain_person)
    frame.ask_deeds_of(lambda user, deed: True)
    yield
    from opora.registry.header import describe, may

    frame.describe_people_by(describe)
    frame.ask_deeds_of(may)


def request_for(address, user=None):
    from django.urls import resolve

    request = RequestFactory().get(address)
    request.resolver_match = resolve(request.path) if address != "/nowhere/" else None
    request.user = user or signed_in()
    return request


def page(request, source='{% extends "ui/frame.html" %}{% block heading %}Заголовок{% endblock %}'):
    return engines["django"].from_string(source).render({}, request)


class TestStages:
    def test_a_stage_without_a_page_is_not_shown(self):
        """Этапов, которых ещё нет, в меню нет: мёртвых ссылок не бывает."""
        names = [place.name for place in frame.places(request_for("/list/"), [LIST, NOWHERE])]
        assert names == ["Перечень"]

    @pytest.mark.parametrize(
        ("address", "current"),
        [
            ("/list/", ["Перечень"]),
            ("/list/7/", ["Перечень"]),
            ("/files/", ["Результаты"]),
            ("/nowhere/", []),
        ],
    )
    def test_the_stage_of_a_page_is_marked(self, address, current):
        drawn = frame.places(request_for(address), [LIST, FILES])
        assert [place.name for place in drawn if place.is_current] == current

    def test_a_stage_may_own_several_rooms(self):
        stage = Stage("Перечень", "stage_of_test:list", ("stage_of_test", "other_stage"))
        assert frame.places(request_for("/files/"), [stage])[0].is_current

    def test_two_stages_may_share_a_room(self):
        both = [LIST, Stage("Школа", "other_stage:files")]
        assert [place.is_current for place in frame.places(request_for("/list/7/"), both)] == [True, False]

    def test_a_stage_that_needs_a_deed_is_shown_to_those_who_may(self):
        """Директору не показывают ссылку, которая ответит ему «нет такой страницы»."""
        frame.ask_deeds_of(lambda user, deed: deed == "see_lists")
        offered = [
            Stage("Перечень", "stage_of_test:list", (), "see_lists"),
            replace(FILES, deed="import_results"),
        ]
        assert [place.name for place in frame.places(request_for("/list/"), offered)] == ["Перечень"]

    def test_before_signing_in_there_are_no_stages(self):
        assert frame.places(request_for("/list/", NOBODY), [LIST, FILES]) == []

    def test_the_page_shows_the_stages_that_the_settings_name(self):
        html = page(request_for("/files/"))
        assert html.count('<a href="/files/" aria-current="page">Результаты</a>') == 2  # wide and narrow


class TestPerson:
    def test_nobody_is_shown_before_signing_in(self):
        html = page(request_for("/list/", NOBODY))
        assert "o-person" not in html
        assert "/out/" not in html

    def test_the_name_stands_beside_the_way_out(self):
        html = page(request_for("/list/", signed_in()))
        assert "Анна Петрова" in html
        assert f'method="post" action="{reverse("accounts:sign_out")}"' in html

    def test_a_room_that_knows_roles_describes_the_person(self):
        frame.describe_people_by(lambda user: Person("Региональный координатор", "Приморский край"))
        html = page(request_for("/list/"))
        assert "Региональный координатор" in html
        assert "Приморский край" in html

    def test_a_person_without_a_full_name_is_called_by_the_sign_in_name(self):
        assert frame.person(request_for("/list/", signed_in(""))) == Person("anna")

    def test_a_request_without_a_user_has_no_person(self):
        assert frame.person(SimpleNamespace()) is None


class TestPage:
    def test_the_language_is_changed_by_a_form_that_returns_here(self):
        html = page(request_for("/list/?state=rural"))
        assert f'method="post" action="{reverse("accounts:language")}"' in html
        assert '<input type="hidden" name="next" value="/list/?state=rural">' in html
        assert '<button name="language" value="en" lang="en">English</button>' in html

    def test_in_english_the_switch_offers_russian(self, said_in):
        with said_in("en"):
            html = page(request_for("/list/"))
        assert '<html lang="en">' in html
        assert "Skip to content" in html
        assert '<button name="language" value="ru" lang="ru">Русский</button>' in html

    def test_every_block_has_its_place(self):
        blocks = ["title", "breadcrumbs", "heading", "lead", "actions", "content", "legal", "head"]
        source = "".join(f"{{% block {name} %}}[{name}]{{% endblock %}}" for name in blocks)
        html = page(request_for("/list/"), '{% extends "ui/frame.html" %}' + source)
        order = ["title", "head", "breadcrumbs", "heading", "lead", "actions", "content", "legal"]
        places = [html.index(f"[{name}]") for name in order]
        assert places[2:] == sorted(places[2:])

    def test_there_is_one_main_heading_and_a_way_past_the_navigation(self):
        html = page(request_for("/list/"))
        assert html.count("<h1>") == 1
        assert 'href="#content"' in html
        assert 'id="content"' in html

    def test_htmx_swaps_conflicts_and_wrong_forms_and_makes_no_inline_style(self):
        html = page(request_for("/list/"))
        assert '{"code":"409|422","swap":true}' in html
        assert '"includeIndicatorStyles":false' in html

    def test_nothing_is_inline(self):
        """Строгая политика безопасности запрещает стили и скрипты внутри страницы."""
        html = page(request_for("/list/", signed_in()))
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)

    @pytest.mark.parametrize("status", [403, 404, 500, 507])
    def test_error_pages_say_what_to_do(self, status):
        html = engines["django"].get_template(f"{status}.html").render({}, request_for("/list/"))
        assert "На главную" in html
        assert html.count("<h1>") == 1

    @pytest.mark.parametrize(
        ("status", "heading"), [(500, "У нас что-то сломалось"), (507, "На диске кончилось место")]
    )
    def test_the_page_of_a_failure_needs_neither_request_nor_context(self, status, heading):
        html = engines["django"].get_template(f"{status}.html").render()
        assert heading in html
