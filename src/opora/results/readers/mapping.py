"""A saved column mapping (соответствие столбцов): how another system's table becomes outcomes or indicators.

Written in YAML. A key, field or value that is not known is an error with the file, the line and the nearest
known word, so that a slip of the pen never passes as a choice.
"""

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import yaml

from opora.language import _
from opora.results.readers.fields import FIELDS, NEEDED, Unfit

T = TypeVar("T")

LARGEST = 256 * 1024
KEYS = (
    "table", "title", "source", "edition", "header", "sheet", "columns", "constants", "measures", "skip",
    "missing", "suppressed", "decimal",
)  # fmt: skip
COLUMN_KEYS = ("column", "any_of", "join", "separator", "pad", "values", "unit", "decimal")
MEASURE_KEYS = ("columns", "constants")
SKIP_KEYS = ("column", "equals", "in", "matches", "reason")
UNITS = ("percent", "share", "number")
DECIMALS = {"comma": ",", "point": "."}


class MappingMismatch(ValueError):
    """A mapping file says something that Opora does not understand."""

    def __init__(self, file: str, line: int, sentence: str) -> None:
        where = _("{file}, строка {line}: {sentence}")
        super().__init__(where.format(file=file, line=line, sentence=sentence))
        self.file = file
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True)
class Column:
    """Where the values of one field stand in the table."""

    headings: tuple[str, ...]  # of alternatives the first that the table has; all of them for ``joined``
    joined: bool = False
    separator: str = ""
    pad: tuple[int, ...] = ()  # zeros before a number up to this width, per heading
    values: dict[str, str] = field(default_factory=dict)  # the source's word → ours
    unit: str = ""
    decimal: str = ""


@dataclass(frozen=True)
class Measure:
    """One outcome or indicator that each row yields."""

    columns: dict[str, Column] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Skip:
    """Rows that are left out on purpose."""

    column: str
    reason: str
    values: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Mapping:
    """A mapping, checked."""

    table: str  # "outcomes" or "indicators"
    title: str = ""
    source: str = ""
    edition: Path | None = None  # the edition that goes with this data, if the person names none
    header: int | None = None  # the row of the headings, from 1; None: found by the headings
    sheet: str = ""  # "" reads every sheet that has the headings
    columns: dict[str, Column] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    measures: tuple[Measure, ...] = (Measure(),)
    skips: tuple[Skip, ...] = ()
    missing: frozenset[str] = frozenset()
    suppressed: frozenset[str] = frozenset()
    file: str = ""
    text: str = ""  # as it was written, so that a list can carry it


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping file.

    Raises: MappingMismatch; OSError.
    """
    with path.open("rb") as file:
        return mapping_of(file.read(LARGEST + 1), path)


def mapping_of(content: bytes, path: Path | str) -> Mapping:
    """Check the bytes of a mapping file.

    Raises: MappingMismatch.
    """
    path = Path(path)
    if len(content) > LARGEST:
        raise MappingMismatch(path.name, 1, _("файл слишком велик для соответствия столбцов."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _not_text(path.name) from None
    return parse_mapping(text, path)


def _not_text(file: str) -> MappingMismatch:
    return MappingMismatch(file, 1, _("файл должен быть текстом YAML в кодировке UTF-8."))


def parse_mapping(text: str, path: Path) -> Mapping:
    """Check the text of a mapping; ``path`` names it in complaints and is where its edition is looked for.

    Raises: MappingMismatch.
    """
    file = path.name
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except RecursionError:
        raise _not_text(file) from None
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        raise MappingMismatch(file, mark.line + 1 if mark else 1, _("это не YAML.")) from None
    if root is None:
        raise MappingMismatch(file, 1, _("файл пуст."))
    return replace(_Checker(path).mapping(root), text=text)


class _Checker:
    """Walks over the nodes of one file and knows their lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.table = ""

    def wrong(self, node: yaml.Node, sentence: str) -> MappingMismatch:
        return MappingMismatch(self.path.name, node.start_mark.line + 1, sentence)

    def entries(self, node: yaml.Node, known: Iterable[str] | None = None) -> dict[str, yaml.Node]:
        """The keys of a block, each known and written once."""
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(node, _("здесь нужен список «ключ: значение»."))
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self.text(key)
            if known is not None:
                self.known(key, name, known)
            if name in found:
                raise self.wrong(key, _("ключ «{key}» записан дважды.").format(key=name))
            found[name] = value
        return found

    def known(self, node: yaml.Node, name: str, words: Iterable[str]) -> None:
        words = list(words)
        if name in words:
            return
        near = difflib.get_close_matches(name, words, n=1, cutoff=0.5)
        if near:
            sentence = _("неизвестное слово «{word}»; возможно, «{near}».").format(word=name, near=near[0])
        else:
            sentence = _("неизвестное слово «{word}»; известны: {words}.").format(
                word=name, words=", ".join(words)
            )
        raise self.wrong(node, sentence)

    def text(self, node: yaml.Node) -> str:
        """A word as it is written: ``no`` and ``4b`` and ``2006`` stay what they are."""
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong(node, _("здесь нужно одно значение."))
        return str(node.value)

    def texts(self, node: yaml.Node) -> tuple[str, ...]:
        """A list of words, or one word."""
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.text(item) for item in node.value)
        return (self.text(node),)

    def whole(self, node: yaml.Node, lowest: int) -> int:
        word = self.text(node)
        if not word.isdecimal() or not lowest <= int(word[:6]) <= 1_000:
            raise self.wrong(node, _("здесь нужно целое число."))
        return int(word)

    def one_of(self, node: yaml.Node, words: Iterable[str]) -> str:
        word = self.text(node)
        self.known(node, word, words)
        return word

    def mapping(self, root: yaml.Node) -> Mapping:
        """The whole file."""
        parts = self.entries(root, KEYS)
        if "table" not in parts:
            raise self.wrong(root, _("нужен ключ «table»: outcomes или indicators."))
        self.table = self.one_of(parts["table"], FIELDS)
        decimal = DECIMALS[self.one_of(parts["decimal"], DECIMALS)] if "decimal" in parts else ""
        columns = self.columns(parts.get("columns"), decimal)
        constants = self.constants(parts.get("constants"))
        measures = self.measures(parts.get("measures"), decimal)
        self.complete(root, columns, constants, measures)
        return Mapping(
            table=self.table,
            title=self.optional(parts, "title"),
            source=self.optional(parts, "source"),
            edition=self.path.parent / self.text(parts["edition"]) if "edition" in parts else None,
            header=self.header(parts.get("header")),
            sheet=self.optional(parts, "sheet"),
            columns=columns,
            constants=constants,
            measures=measures,
            skips=tuple(self.each(parts.get("skip"), self.skip)),
            missing=frozenset(self.texts(parts["missing"])) if "missing" in parts else frozenset(),
            suppressed=frozenset(self.texts(parts["suppressed"])) if "suppressed" in parts else frozenset(),
            file=self.path.name,
        )

    def optional(self, parts: dict[str, yaml.Node], key: str) -> str:
        return self.text(parts[key]) if key in parts else ""

    def header(self, node: yaml.Node | None) -> int | None:
        return None if node is None or self.text(node) == "auto" else self.whole(node, 1)

    def each(self, node: yaml.Node | None, check: Callable[[yaml.Node], T]) -> list[T]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(node, _("здесь нужен список из строк, начинающихся с «-»."))
        return [check(item) for item in node.value]

    def columns(self, node: yaml.Node | None, decimal: str) -> dict[str, Column]:
        if node is None:
            return {}
        parts = self.entries(node, FIELDS[self.table])
        return {name: self.column(part, decimal) for name, part in parts.items()}

    def column(self, node: yaml.Node, decimal: str) -> Column:
        """One column: a heading, or a block that says more."""
        if not isinstance(node, yaml.MappingNode):
            return Column(self.texts(node), decimal=decimal)
        parts = self.entries(node, COLUMN_KEYS)
        ways = [key for key in ("column", "any_of", "join") if key in parts]
        if len(ways) != 1:
            raise self.wrong(node, _("нужен один из ключей: column, any_of, join."))
        headings = self.texts(parts[ways[0]])
        pad = tuple(int(word) for word in self.pads(parts.get("pad")))
        if pad and len(pad) != len(headings):
            raise self.wrong(parts["pad"], _("чисел в «pad» должно быть столько же, сколько столбцов."))
        values = self.entries(parts["values"]) if "values" in parts else {}
        return Column(
            headings=headings,
            joined=ways[0] == "join",
            separator=self.optional(parts, "separator"),
            pad=pad,
            values={word: self.text(value) for word, value in values.items()},
            unit=self.one_of(parts["unit"], UNITS) if "unit" in parts else "",
            decimal=DECIMALS[self.one_of(parts["decimal"], DECIMALS)] if "decimal" in parts else decimal,
        )

    def pads(self, node: yaml.Node | None) -> Iterable[str]:
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return [str(self.whole(item, 0)) for item in items]

    def constants(self, node: yaml.Node | None) -> dict[str, str]:
        if node is None:
            return {}
        fields = FIELDS[self.table]
        words = {name: (part, self.text(part)) for name, part in self.entries(node, fields).items()}
        for name, (part, word) in words.items():
            try:
                fields[name].convert(word, "", "")
            except Unfit as unfit:
                raise self.wrong(part, f"«{name}»: {unfit.what} {unfit.allowed}") from None
        return {name: word for name, (_part, word) in words.items()}

    def measures(self, node: yaml.Node | None, decimal: str) -> tuple[Measure, ...]:
        def measure(item: yaml.Node) -> Measure:
            parts = self.entries(item, MEASURE_KEYS)
            return Measure(
                self.columns(parts.get("columns"), decimal), self.constants(parts.get("constants"))
            )

        return tuple(self.each(node, measure)) or (Measure(),)

    def skip(self, node: yaml.Node) -> Skip:
        parts = self.entries(node, SKIP_KEYS)
        ways = [key for key in ("equals", "in", "matches") if key in parts]
        if "column" not in parts or "reason" not in parts or len(ways) != 1:
            raise self.wrong(node, _("нужны ключи column, reason и один из: equals, in, matches."))
        column, reason = self.text(parts["column"]), self.text(parts["reason"])
        if ways[0] != "matches":
            return Skip(column, reason, values=frozenset(self.texts(parts[ways[0]])))
        try:
            return Skip(column, reason, pattern=re.compile(self.text(parts["matches"])))
        except re.error:
            raise self.wrong(parts["matches"], _("это не регулярное выражение.")) from None

    def complete(
        self,
        root: yaml.Node,
        columns: dict[str, Column],
        constants: dict[str, str],
        measures: tuple[Measure, ...],
    ) -> None:
        """Each measure must say where every needed field comes from."""
        for measure in measures:
            given = columns.keys() | constants.keys() | measure.columns.keys() | measure.constants.keys()
            for group in NEEDED[self.table]:
                if not given & set(group):
                    sentence = _("не сказано, откуда взять «{field}».").format(field=" / ".join(group))
                    raise self.wrong(root, sentence)
