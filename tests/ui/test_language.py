"""A page speaks the language of the person's cookie and of nothing else; every message has its English."""

import ast
import re

import polib
import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from opora import language as spoken
from opora.ui.language import LanguageMiddleware, load_catalogues


def visit(cookie=None, accept=""):
    """Let the middleware answer a request with the language that a view would speak."""
    request = RequestFactory().get("/", headers={"accept-language": accept})
    if cookie is not None:
        request.COOKIES["django_language"] = cookie
    return LanguageMiddleware(lambda request: HttpResponse(translation.get_language()))(request)


@pytest.mark.parametrize(
    ("cookie", "answer"), [(None, "ru"), ("ru", "ru"), ("en", "en"), ("de", "ru"), ("", "ru")]
)
def test_the_cookie_decides_and_russian_is_the_default(cookie, answer):
    response = visit(cookie)
    assert response.content.decode() == answer
    assert response["Content-Language"] == answer


def test_the_browser_is_not_asked():
    """Английский браузер не превращает русские числа в английские."""
    assert visit(accept="en-US,en;q=0.9").content == b"ru"


def test_a_page_says_that_it_differs_by_cookie():
    assert "Cookie" in visit()["Vary"]


def test_the_language_of_one_request_does_not_leak_into_the_next():
    visit("en")
    assert translation.get_language() == "ru"


@pytest.mark.parametrize(("language", "written"), [("ru", "0,5"), ("en", "0.5")])
def test_plain_numbers_in_templates_follow_the_language(language, written):
    with translation.override(language):
        assert Template("{{ value }}").render(Context({"value": 0.5})) == written


def test_rooms_that_know_nothing_of_the_web_speak_the_request_s_language():
    with translation.override("en"):
        assert spoken._("нет данных") == "no data"
    with translation.override("ru"):
        assert spoken._("нет данных") == "нет данных"


def test_catalogues_are_read_as_they_are_written(tmp_path):
    folder = tmp_path / "room/locale/en/LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.append(polib.POEntry(msgid="проверка чтения каталога", msgstr="a catalogue is read"))
    catalogue.save(str(folder / "django.po"))
    assert load_catalogues(tmp_path) == [folder / "django.po"]
    with translation.override("en"):
        assert translation.gettext("проверка чтения каталога") == "a catalogue is read"


def messages_in(folder):
    """Collect the messages of a room, from its Python and its templates."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=message), *_]):
                    found.add(message)
    for path in folder.rglob("*.html"):
        source = path.read_text()
        found.update(re.findall(r'{%\s*translate "([^"]+)"', source))
        found.update(re.findall(r'\b_\("([^"]+)"\)', source))
        found.update(re.findall(r'\|(?:counted|plural):"([^"]+)"', source))
        for block in re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", source, re.S):
            found.add(re.sub(r"{{ (\w+) }}", r"%(\1)s", block))
    return found


@pytest.fixture
def catalogue(ui_folder):
    return polib.pofile(str(ui_folder / "locale/en/LC_MESSAGES/django.po"))


def test_every_message_of_the_room_has_its_english(ui_folder, catalogue):
    english = {entry.msgid for entry in catalogue if entry.msgstr and not entry.fuzzy}
    assert messages_in(ui_folder) - english == set()


def test_the_catalogue_holds_no_message_that_nobody_says(ui_folder, catalogue):
    assert {entry.msgid for entry in catalogue} - messages_in(ui_folder) == set()


def test_translations_keep_the_places_of_their_values(catalogue):
    for entry in catalogue:
        places = [sorted(re.findall(r"%\(\w+\)s|{\w+}", text)) for text in (entry.msgid, entry.msgstr)]
        assert places[0] == places[1], entry.msgid
