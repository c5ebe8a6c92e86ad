"""The rest of the house: documents, requirements, pages of our own, nothing of anybody's machine."""

import ast
import os
import re
import stat
import tomllib
from urllib.parse import unquote, urlsplit

import pytest

from tests.repo.tree import ROOT, SOURCE, files, is_vendored, place, report, texts, tree

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)[^)]*\)|!\[[^\]]*\]\(([^)\s]+)\)")
FOREIGN = re.compile(
    r"""(?:src|href|action|poster|data-src|hx-\w+)\s*=\s*["'](?:https?:)?//[^"']+""", re.IGNORECASE
)
FOREIGN_CSS = re.compile(r"""(?:url\(|@import)\s*["']?(?:https?:)?//[^"')]+""", re.IGNORECASE)
FOREIGN_SCRIPT = re.compile(
    r"""(?:fetch|import|importScripts|EventSource|WebSocket)\(\s*["'](?:\w+:)?//[^"']+"""
)
RULES = {
    ".html": (FOREIGN, FOREIGN_CSS),
    ".css": (FOREIGN_CSS,),
    ".js": (FOREIGN_SCRIPT,),
    ".svg": (FOREIGN,),
}


def documents():
    """List the documents."""
    return [path for path in files() if path.suffix == ".md"]


def links(text):
    """List the addresses in a document, those in code left out."""
    plain = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    return [found[1] or found[2] for found in LINK.finditer(plain)]


def anchors(text):
    """List the headings of a document as its readers can link to them."""
    headings = re.findall(r"^#+ +(.+?)\s*$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_in_the_documents_leads_somewhere():
    """Ссылки в документах ведут на то, что есть, включая заголовки."""
    faults = []
    for path in documents():
        text = path.read_text(encoding="utf-8")
        for link in links(text):
            address = urlsplit(link)
            if address.scheme:
                continue
            target = (path.parent / unquote(address.path)).resolve() if address.path else path
            if not target.exists():
                faults.append(f"{place(path)}: {link}")
            elif address.fragment and target.suffix == ".md":
                known = anchors(target.read_text(encoding="utf-8"))
                if unquote(address.fragment) not in known:
                    faults.append(f"{place(path)}: {link}: no such heading")
    report(faults, "links that lead nowhere:")


def test_every_decision_says_what_was_decided_and_why():
    """Каждое решение (ADR) занимает до страницы и отвечает на одни и те же вопросы."""
    found = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    assert len(found) >= 8
    numbers = [int(path.name[:4]) for path in found]
    assert len(set(numbers)) == len(numbers), "two decisions have one number"
    for number, path in zip(numbers, found, strict=True):
        text = path.read_text(encoding="utf-8")
        assert re.match(rf"# {number}\. .+", text), place(path)
        for heading in ("## Decision", "## Why", "## Set aside"):
            assert heading in text, f"{place(path)}: no «{heading}»"
        assert len(text.split()) <= 450, f"{place(path)}: half a page"


@pytest.mark.parametrize(
    "name", ["README.md", "README.en.md", "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md", "LICENSE"]
)
def test_the_documents_that_people_look_for_are_there(name):
    """То, что ищут первым делом, лежит в корне."""
    assert (ROOT / name).stat().st_size > 500


def test_both_readmes_show_the_same_commands():
    """Русский и английский README называют одни и те же команды."""
    russian, english = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.en.md"))
    commands = [set(re.findall(r"\./opora \w+", text)) for text in (russian, english)]
    assert commands[0] == commands[1]
    known = {f"./opora {path.stem}" for path in (SOURCE / "commands").glob("[a-z]*.py")}
    assert commands[0] <= known, commands[0] - known


def test_no_page_asks_the_internet_for_anything():
    """Страницы не зовут чужих серверов: закон и деревня."""
    faults = []
    for path, text in texts():
        if not path.is_relative_to(SOURCE) or path.suffix not in RULES:
            continue
        rules = (FOREIGN_CSS,) if is_vendored(path) and path.suffix == ".css" else RULES[path.suffix]
        if is_vendored(path) and path.suffix != ".css":
            continue
        for rule in rules:
            for found in rule.finditer(text):
                if "www.w3.org" not in found[0]:
                    faults.append(f"{place(path, text[: found.start()].count(chr(10)) + 1)}: {found[0][:80]}")
    report(faults, "addresses of others in pages:")


def test_nothing_of_anybodys_machine_is_in_the_project():
    """Ни путей с чьей-то машины, ни адресов реестров пакетов."""
    machine = re.compile(
        "|".join(
            [
                "/" + "work/",
                "/" + "root/",
                "/" + r"home/\w+",
                "/" + "Users/",
                "C:" + r"\\\\Users",
                "/" + "tmp/" + r"\w",
            ]
        )
    )
    registry = re.compile(r"--(?:extra-)?index-url|--find-links|" + "file" + r":///(?!etc/)")
    faults = []
    for path, text in texts():
        if is_vendored(path) or path.name == "LICENSE":
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if (
                len(line) < 2000
                and (machine.search(line) or registry.search(line))
                and path.name != "test_house.py"
            ):
                faults.append(f"{place(path, number)}: {line.strip()[:90]}")
    report(faults, "paths of a machine or places of packages:")


def pins(name):
    """Read what a requirements file pins: name → the versions for each Python, with their hashes."""
    found = {}
    for block in re.split(r"(?m)^(?=[A-Za-z0-9])", (ROOT / name).read_text(encoding="utf-8"))[1:]:
        package, version = re.match(r"([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", block).groups()
        found.setdefault(package.lower(), set()).add(
            (version, frozenset(re.findall(r"sha256:(\w{64})", block)))
        )
    return found


def test_every_requirement_is_pinned_by_hash():
    """Каждая библиотека закреплена версией и хешем."""
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-spark.txt"):
        for package, versions in pins(name).items():
            assert all(hashes for _, hashes in versions), (name, package)


def test_what_engineers_install_holds_all_that_the_program_needs():
    """requirements-dev.txt включает requirements.txt: среда разработчика годится и программе."""
    program, engineers = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {package: engineers.get(package) for package in program} == program


def test_what_spark_adds_changes_no_library_that_is_there():
    """requirements-spark.txt ставят поверх среды разработчика: общих библиотек у них нет."""
    assert set(pins("requirements-spark.txt")) & set(pins("requirements-dev.txt")) == set()


def test_what_the_project_declares_is_pinned():
    """Объявленное в pyproject.toml закреплено в списках."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = project["project"]
    wanted = {
        "requirements.txt": declared["dependencies"],
        "requirements-dev.txt": declared["dependencies"] + declared["optional-dependencies"]["dev"],
        "requirements-spark.txt": project["dependency-groups"]["spark"],
    }
    for name, words in wanted.items():
        names = {re.match(r"[\w.-]+", word)[0].lower() for word in words}
        assert names - set(pins(name)) == set(), name


def imported_packages():
    """List the packages of others that the program imports, with a place for each."""
    found = {}
    for path in files():
        if path.suffix != ".py" or not path.is_relative_to(SOURCE):
            continue
        for node in ast.walk(tree(path)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                found.setdefault(name.split(".")[0], place(path, node.lineno))
    return found


def test_the_program_imports_only_what_it_declares():
    """Программа не зависит от библиотек, которые есть только у разработчика."""
    import sys
    from importlib.metadata import packages_distributions

    owners = packages_distributions()
    faults = [
        f"{where}: {name}"
        for name, where in imported_packages().items()
        if name not in sys.stdlib_module_names
        and name != "opora"
        and not {owner.lower().replace("_", "-") for owner in owners.get(name, [])}
        & set(pins("requirements.txt"))
    ]
    report([fault for fault in faults if "/commands/" not in fault], "imported, but not in requirements.txt:")


def test_the_entry_can_be_run_by_anybody():
    """./opora исполняемый, написан на sh и не зовёт bash."""
    for name, shell in (
        ("opora", "#!/bin/sh"),
        (".ci/run", "#!/usr/bin/env bash"),
        (".ci/spark", "#!/usr/bin/env bash"),
    ):
        path = ROOT / name
        assert path.stat().st_mode & stat.S_IXUSR, name
        assert path.read_text(encoding="utf-8").splitlines()[0] == shell
        assert os.access(path, os.X_OK)


def test_every_command_says_what_it_does():
    """У каждой команды есть SUMMARY — предложение без точки — и run."""
    for path in sorted((SOURCE / "commands").glob("[a-z]*.py")):
        names = {
            target.id: node.value
            for node in tree(path).body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        assert isinstance(names.get("SUMMARY"), ast.Constant), f"{place(path)}: no SUMMARY"
        assert not names["SUMMARY"].value.endswith("."), place(path)
        assert "run" in {node.name for node in tree(path).body if isinstance(node, ast.FunctionDef)}, place(
            path
        )
