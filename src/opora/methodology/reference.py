"""Prints the methodology reference (``docs/methodology.md``) from the editions and the tests of the core.

``python -m opora.methodology.reference docs/methodology.md tests/methodology`` writes it anew; a test
compares.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import dedent

from opora.language import _
from opora.methodology import edition
from opora.methodology.parameters import STATUSES, UNITS, Source
from opora.methodology.rule import READERS, TIES
from opora.methodology.shares import COMPARISONS, ROUNDINGS
from opora.methodology.wording import Description, Sentence, describe


def reference(tests: Path) -> str:
    """Print the whole reference; examples are the drawn tables of the tests in that folder."""
    parts = [
        _("# Методика: редакции, числа, примеры"),
        _(
            "Эта страница печатается из редакций (`src/opora/methodology/editions`) и из тестов ядра "
            "(`tests/methodology`): править нужно их. Статус каждого числа: **официальный текст** — "
            "прочитано в источнике, **реконструкция** — по пересказу или по памяти, **умолчание Опоры** "
            "— придумано нами."
        ),
        _("## Редакции"),
        *(_edition(describe(edition.load(name))) for name in edition.shipped()),
        _("## Как написать свою редакцию"),
        _own(),
        _("## Как считается устойчивость"),
        _stability(),
        _("## Примеры"),
        _("Каждый пример — тест: таблица и правило, которое она проверяет."),
        *_examples(tests),
    ]
    return "\n\n".join(parts) + "\n"


def _edition(said: Description) -> str:
    lines = [
        f"### `{said.name}` — {said.title}",
        _("Статус: **{status}**. Источник: {source}.").format(
            status=said.status, source=_source(said.source, said.clause)
        ),
        said.window,
        *(_rule(title, rule) for _name, title, rule in said.lists),
        _bulleted(said.measures),
        _bulleted(said.leaving_out),
        _numbers(said),
        _("Известно:") + "\n\n" + _bulleted(said.known),
        _("Неизвестно:") + "\n\n" + _bulleted(said.unknown),
    ]
    return "\n\n".join(line for line in lines if line)


def _source(source: Source, clause: str) -> str:
    address = f" <{source.address}>" if source.address else ""
    return f"{source.title}{address}" + (f", {clause}" if clause else "")


def _bulleted(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {line}" for line in dict.fromkeys(lines))


def _rule(title: str, rule: Sentence) -> str:
    return f"**{title}**\n\n" + "\n".join(_tree(rule, 0))


def _tree(sentence: Sentence, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}- {sentence.text}"
    for part in sentence.parts:
        yield from _tree(part, depth + 1)


def _numbers(said: Description) -> str:
    head = [_("параметр"), _("значение"), _("с"), _("статус"), _("источник")]
    rows = [head, ["---"] * len(head)]
    for number in said.numbers:
        standing = number.standing
        source = _source(number.source, standing.clause)
        row = [f"{number.meaning} (`{number.name}`)", number.text, standing.since.isoformat()]
        rows.append([*row, number.status, source])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _own() -> str:
    """Tell what an edition may be made of, from the words that its reader knows."""
    head = [_("условие"), _("обязательные ключи"), _("необязательные ключи"), _("что значит")]
    rows = [head, ["---"] * len(head)]
    for kind, (required, optional, _make) in READERS.items():
        rows.append([f"`{kind}`", _coded(required), _coded(("id", "label", *optional)), meaning(kind)])
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    lines = [
        _(
            "Скопируйте файл ближайшей редакции и замените числа, меры и правило; "
            "ошибка называет файл и строку."
        ),
        _("Правило — дерево условий. Числа в нём — только имена параметров."),
        table,
        _("Единицы параметров (`unit`): {units}.").format(units=_coded(UNITS)),
        _("Сравнения (`comparison`): {words}.").format(words=_coded(COMPARISONS)),
        _("Статусы (`status`): {words}.").format(words=_coded(STATUSES)),
        _("Равные на границе (`ties`): {words}.").format(words=_coded(TIES)),
        _("Округление числа мест (`places`): {words}.").format(words=_coded(ROUNDINGS)),
    ]
    return "\n\n".join(lines)


def _coded(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words) or "—"


def meaning(kind: str) -> str:
    """Say what a kind of condition means."""
    return {
        "all": _("выполнены все условия списка"),
        "any": _("выполнено хотя бы одно; решает первое выполненное"),
        "not": _("условие не выполнено"),
        "failed": _("число неуспешных показателей мер: за годы вместе, а с in_years — в стольких годах"),
        "same": _("тот же показатель (by) неуспешен в каждом году или в стольких годах (in_years)"),
        "counted": _("число показателей, которые удалось учесть"),
        "worst": _("худший процент школ по мере, внутри группы (within)"),
        "best": _("лучший процент школ по мере, внутри группы (within)"),
        "quarter": _("четверть школ по мере внутри группы; 1 — худшая"),
        "index": _("индекс школы в одной из зон (in)"),
    }[kind]


def _stability() -> str:
    """Give the model as its own module states it."""
    return _(
        "Истинная доля низких результатов школы в процедуре берётся из бета-распределения, "
        "подобранного по всем школам этой процедуры, и уточняется тем, что школа показала: Beta(a + "
        "low, b + takers − low). Отсюда вероятность q, что истинная доля за порогом. Если школ в "
        "процедуре меньше, чем `prior_schools`, разброс берётся по всем процедурам этого вида, затем "
        "по всем вместе; если и их мало — равномерный. Показатели падают независимо, каждый со своим "
        "q; вероятность того же решения считается точно, без розыгрышей. Показатели без числа "
        "участников и индексы считаются известными; место в ранге — одно событие при наблюдавшейся "
        "границе. Решает правило: устойчивость решения не меняет."
    )


def _examples(tests: Path) -> Iterator[str]:
    for path in sorted(tests.rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                sentence, tables = ast.get_docstring(node), list(_tables(node))
                if sentence and tables:
                    shown = [f"```\n{table}\n```" for table in tables]
                    yield "\n\n".join([f"**{' '.join(sentence.split())}**", *shown])


def _tables(function: ast.FunctionDef) -> Iterator[str]:
    """Give the drawn tables of a test, in the order in which they stand."""
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = dedent(node.value).strip()
            if "|" in text and "\n" in text and text.startswith("school"):
                yield "\n".join(line.strip() for line in text.splitlines())


def main(arguments: list[str]) -> None:
    page, tests = arguments
    Path(page).write_text(reference(Path(tests)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
