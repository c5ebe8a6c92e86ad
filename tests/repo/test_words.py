"""What the program says: every sentence in two languages, every term as the glossary has it."""

import ast
import re
from functools import cache

import polib
import pytest
from django.utils.translation import templatize

from tests.repo.tree import ROOT, SOURCE, dotted, files, modules, place, report, room, tree

SPEAKERS = {"_", "gettext", "gettext_lazy", "lazy", "ngettext"}
HOLES = re.compile(r"{(\w*)[^{}]*}|%\((\w+)\)[sd]|%[sd]")


def messages_of_module(path):
    """List the messages that a module speaks: ``_("…")``, a summary, a deed."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and dotted(node.func) in SPEAKERS:
            for argument in node.args[: 2 if dotted(node.func) == "ngettext" else 1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield node.lineno, argument.value
                elif isinstance(argument, ast.JoinedStr):
                    yield node.lineno, "f-string"
        if isinstance(node, ast.Assign) and path.parent.name == "commands" and is_summary(node):
            yield node.lineno, node.value.value
        if isinstance(node, ast.Dict) and path.stem == "deeds":
            for told in node.values:
                if isinstance(told, ast.Constant) and isinstance(told.value, str):
                    yield told.lineno, told.value


def is_summary(node):
    """Tell whether a command says here what it does."""
    names = {target.id for target in node.targets if isinstance(target, ast.Name)}
    return "SUMMARY" in names and isinstance(node.value, ast.Constant)


def messages_of_template(path):
    """List the messages of a template: ``translate`` and ``blocktranslate``, plural forms included."""
    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for number, line in enumerate(text.splitlines(), 1):
        for call in re.finditer(
            r"\b(n?gettext|_)\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|'''.*?'''))", line
        ):
            yield number, ast.literal_eval(call[2].lstrip("u"))


def templates():
    """List the templates of the program."""
    return [path for path in files() if path.is_relative_to(SOURCE) and path.suffix == ".html"]


def spoken():
    """List every message with its place and room."""
    for path in modules():
        for line, message in messages_of_module(path):
            yield path, line, message
    for path in templates():
        for line, message in messages_of_template(path):
            yield path, line, message


@cache
def catalogue(name):
    """Read the English catalogues of a room, those of its inner rooms too. Empty: {} where it has none."""
    paths = sorted((SOURCE / name).glob("**/locale/en/LC_MESSAGES/django.po"))
    return {entry.msgid: entry for path in paths for entry in polib.pofile(str(path))}


@cache
def catalogues():
    """List the rooms that have a catalogue."""
    found = SOURCE.glob("**/locale/en/LC_MESSAGES/django.po")
    return sorted({path.relative_to(SOURCE).parts[0] for path in found})


def translation(path, message):
    """Find the English of a message: its own room's, else another's, for the program merges them all."""
    rooms = [room(path), *catalogues()]
    return next((catalogue(name)[message] for name in rooms if message in catalogue(name)), None)


def test_every_message_has_its_english():
    """У каждой русской фразы есть английская в одном из каталогов."""
    faults = []
    for path, line, message in spoken():
        if not re.search(r"[а-яё]", message, re.IGNORECASE):
            if message == "f-string":
                faults.append(
                    f"{place(path, line)}: a message is a plain string with {{names}}, not an f-string"
                )
            continue
        entry = translation(path, message)
        if entry is None or not (entry.msgstr or all(entry.msgstr_plural.values() or [""])):
            faults.append(f"{place(path, line)} → {room(path)}/locale/en: {message[:90]!r}")
    report(faults, "no English for these messages:")


def test_a_translation_has_the_same_holes_as_its_message():
    """Подстановки в переводе те же, что во фразе."""
    faults = []
    for name in catalogues():
        for entry in catalogue(name).values():
            if entry.msgid_plural or not entry.msgstr:
                continue
            if holes(entry.msgid) != holes(entry.msgstr):
                faults.append(f"{name}: {entry.msgid[:70]!r} → {entry.msgstr[:70]!r}")
    report(faults, "holes differ:")


def holes(text):
    """List the holes that a message is filled through."""
    return sorted(set(HOLES.findall(text)))


def test_the_english_is_english():
    """Перевод — английская фраза; русскими в ней остаются только имена форматов и заголовков."""
    faults = []
    for name in catalogues():
        for entry in catalogue(name).values():
            outside = re.sub(r"«[^»]*»|“[^”]*”|\"[^\"]*\"|\([^)]*\)", "", entry.msgstr)
            russian, english = (len(re.findall(letters, outside)) for letters in ("[а-яё]", "[A-Za-z]"))
            if russian and english < 3:
                faults.append(f"{name}: {entry.msgstr[:90]!r}")
    report(faults, "Russian sentences for English ones:")


def test_one_message_has_one_translation():
    """Одна фраза переведена во всех комнатах одинаково: каталоги в программе сливаются."""
    seen = {}
    faults = []
    for name in catalogues():
        for message, entry in catalogue(name).items():
            room_before, before = seen.setdefault(message, (name, entry.msgstr))
            if before != entry.msgstr:
                faults.append(
                    f"{message[:60]!r}: {room_before} {before[:50]!r}, {name} {entry.msgstr[:50]!r}"
                )
    report(faults, "translated differently:")


def glossary():
    """Read the rows of the glossary: Russian term, names in code, meaning."""
    for number, line in enumerate((ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if (
            line.startswith("|")
            and len(cells) == 3
            and not set(line) <= set("|-: ")
            and cells[1] != "name in code"
        ):
            yield number, *cells


@cache
def words_of_code():
    """Collect every word of the program's code, queries and parameters."""
    suffixes = {".py", ".sql", ".yaml", ".html"}
    found = [path for path in files() if path.is_relative_to(SOURCE) and path.suffix in suffixes]
    return {word for path in found for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


def test_every_word_of_the_glossary_is_in_the_code():
    """Слово словаря встречается в коде под своим именем."""
    faults = []
    for number, term, names, meaning in glossary():
        marked = re.findall(r"`(\w+)`", names)
        if not marked or not meaning:
            faults.append(f"GLOSSARY.md:{number}: «{term}» has no name in code or no meaning")
        faults += [
            f"GLOSSARY.md:{number}: «{term}»: `{name}` is nowhere in the code"
            for name in marked
            if name not in words_of_code()
        ]
    report(faults, "the glossary and the code disagree:")


def test_a_term_and_a_name_stand_in_the_glossary_once():
    """Одно слово — одна вещь."""
    rows = list(glossary())
    assert len(rows) >= 30
    terms = [term for _, term, _, _ in rows]
    names = [name for _, _, names, _ in rows for name in re.findall(r"`(\w+)`", names)]
    assert sorted({term for term in terms if terms.count(term) > 1}) == []
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% load i18n %}{% translate 'Школа' %}", ["Школа"]),
        ('{% load i18n %}{% translate "Школа" %} {% translate "Год" %}', ["Школа", "Год"]),
        (
            "{% load i18n %}{% blocktranslate with n=x %}Школа {{ n }}{% endblocktranslate %}",
            ["Школа %(n)s"],
        ),
        (
            "{% load i18n %}{% blocktranslate trimmed %}\n  Школа\n  и год\n{% endblocktranslate %}",
            ["Школа и год"],
        ),
    ],
)
def test_messages_of_a_template_are_found(text, expected, tmp_path):
    """Фразы шаблона находятся так, как их найдёт программа."""
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    assert [message for _, message in messages_of_template(path)] == expected
