"""The rules of the house that no import linter sees."""

import ast
import re

import pytest

from tests.repo.tree import APPS, SOURCE, dotted, modules, one_sentence, place, report, room, tree

WRITES = {
    *("save", "asave", "delete", "adelete", "create", "acreate", "update", "aupdate"),
    *("bulk_create", "abulk_create", "bulk_update", "abulk_update", "get_or_create", "aget_or_create"),
    *("update_or_create", "aupdate_or_create", "create_user", "create_superuser"),
}
# Words that only the framework's managers have, and words that dictionaries, files and workbooks have too.
OF_MODELS_ONLY = {word for word in WRITES if "_" in word}
SQL = re.compile(
    r"\s*(INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|TRUNCATE|MERGE\s+INTO)\b", re.IGNORECASE
)
ROOMS_THAT_MAY_WRITE = {*APPS, "demo", "commands", "ui", "lists", "lib"}
OWN = ("views", "forms", "urls")


def writes_in(module: ast.Module) -> list[tuple[int, str]]:
    """List the places of a module that write rows."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_write(node):
            found.append((node.lineno, dotted(node.func)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            found.append((node.lineno, " ".join(node.value.split())[:40]))
    return found


def is_write(call: ast.Call) -> bool:
    """Tell whether a call writes rows; dictionaries, digests and workbooks share some of the words."""
    assert isinstance(call.func, ast.Attribute)
    word, chain = call.func.attr, dotted(call.func.value)
    if word not in WRITES:
        return False
    if word in OF_MODELS_ONLY or ".objects" in chain or "_default_manager" in chain:
        return True
    if re.search(r"\.(filter|exclude|all|select_for_update|annotate|order_by)\(\)", chain):
        return True
    if word in {"save", "asave", "delete", "adelete"}:
        # A workbook or a form is saved to somewhere; a row is saved as it stands.
        return not call.args and "workbook" not in chain and "form" not in chain.lower()
    return word in {"create", "acreate"} and chain[:1].isupper()


def test_only_actions_write_rows():
    """У каждой записи один адрес: actions.py."""
    faults = [
        f"{place(path, line)}: {what}"
        for path in modules()
        if room(path) in ROOMS_THAT_MAY_WRITE and not is_address_of_writes(path)
        for line, what in writes_in(tree(path))
    ]
    report(faults, "only actions.py writes rows; call an action from here:")


def is_address_of_writes(path):
    """Tell whether a module is where an app's writes stand: actions.py, or a part of actions/."""
    return path.stem == "actions" or path.parent.name == "actions"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("School.objects.create(name='x')", 1),
        ("school.save()", 1),
        ("school.save(update_fields=['name'])", 1),
        ("School.objects.filter(x=1).update(y=2)", 1),
        ("visible_schools(who).filter(x=1).delete()", 1),
        ("objects.bulk_create(rows)", 1),
        ("School.objects.get_or_create(x=1)", 1),
        ("cursor.execute('INSERT INTO school VALUES (1)')", 1),
        ("cursor.execute('  update school set x = 1')", 1),
        ("totals.update(more)", 0),
        ("totals.update(a=1)", 0),
        ("hashlib.sha256().update(chunk)", 0),
        ("workbook.save(path)", 0),
        ("venv.create(folder)", 0),
        ("School.objects.filter(x=1).count()", 0),
        ("'Update your profile.'", 0),
    ],
)
def test_writes_are_told_from_words_that_others_use(text, expected):
    """Правило не путает запись строк со словарями, хешами и книгами."""
    assert len(writes_in(ast.parse(text))) == expected


def test_only_shares_divide_in_the_methodology():
    """В ядре делит только shares.py: там решено, что значит пустой знаменатель и где граница."""
    faults = [
        f"{place(path, line)}: division"
        for path in modules()
        if room(path) == "methodology" and path.name != "shares.py"
        for line in divisions(tree(path))
    ]
    report(faults, "in methodology/ only shares.py divides:")


def divisions(module):
    """List the lines that divide; a path is put together with the same sign."""
    for node in ast.walk(module):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div | ast.FloorDiv):
            right = node.right if isinstance(node, ast.BinOp) else node.value
            if not is_path_part(right):
                yield node.lineno
        if isinstance(node, ast.Attribute) and node.attr in {"truediv", "floordiv", "divide"}:
            yield node.lineno


def is_path_part(node):
    """Tell whether what stands to the right of the sign is a part of a path."""
    if isinstance(node, ast.JoinedStr):
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a / b", [1]),
        ("x = 1\nx /= 2", [2]),
        ("a // 10", [1]),
        ("pl.col('a').truediv(2)", [1]),
        ("FOLDER / 'editions'", []),
        ("FOLDER / f'{name}.yaml'", []),
        ("low * 100 > takers * 30", []),
    ],
)
def test_divisions_are_found_and_paths_are_not(text, lines):
    """Правило видит деление и не путает его с путём к файлу."""
    assert list(divisions(ast.parse(text))) == lines


def test_every_module_says_in_its_first_sentence_what_it_is_for():
    """Каждый пакет и модуль называет себя одним предложением."""
    faults = []
    for path in modules():
        said = (ast.get_docstring(tree(path)) or "").split("\n\n")[0]
        if not said:
            faults.append(f"{place(path)}: says nothing")
        elif path.name == "__init__.py" and not one_sentence(said):
            faults.append(f"{place(path)}: not one sentence: {said!r}")
        elif not said.rstrip().endswith((".", ":", "»", ")")):
            faults.append(f"{place(path)}: no full stop: {said!r}")
    report(faults, "a package says in one sentence what it is, a module too:")


def test_pages_and_forms_of_an_app_are_its_own():
    """Чужие views, forms и urls не импортируют."""
    faults = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ImportFrom) or node.level:
                continue
            names = [f"{node.module}.{alias.name}" for alias in node.names] + [node.module or ""]
            for name in names:
                parts = name.split(".")
                if parts[0] == "opora" and len(parts) > 2 and parts[2] in OWN and parts[1] != room(path):
                    faults.append(f"{place(path, node.lineno)}: {name}")
    report(sorted(set(faults)), "views, forms and urls are an app's own:")


def test_modules_and_functions_stay_short_enough_to_read():
    """Модуль длиннее 400 строк и функция длиннее 60 — повод разделить."""
    faults = []
    for path in modules():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > 400:
            faults.append(f"{place(path)}: {lines} lines, 400 are enough")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or 0) - node.lineno + 1
                if size > 60:
                    faults.append(f"{place(path, node.lineno)}: {node.name}: {size} lines, 60 are enough")
    report(faults, "too long to read:")


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "base", "manager", "service", "misc", "info"])
def test_no_module_has_a_name_that_says_nothing(name):
    """Таких имён у нас нет: они ничего не говорят."""
    assert not [place(path) for path in modules() if path.stem == name or path.parent.name == name]


def test_nothing_is_promised_in_code():
    """В коде нет обещаний доделать."""
    promise = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|Not" r"ImplementedError)\b")
    faults = [
        f"{place(path, number)}: {line.strip()[:80]}"
        for path in modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if promise.search(line)
    ]
    report(faults, "do it or leave it out:")


def test_every_app_has_its_place_in_settings():
    """Комната с моделями подключена."""
    settings = (SOURCE / "config/settings.py").read_text(encoding="utf-8")
    for app in APPS:
        if (SOURCE / app / "models.py").exists():
            assert f'"opora.{app}"' in settings, app
