"""Says an edition in sentences: its rule as a tree, its numbers, its exclusions; for pages and docs."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from opora.language import _
from opora.methodology.edition import Edition, Exclusion, NamedList, Settled
from opora.methodology.marked import EditionError, unknown
from opora.methodology.parameters import DatedValue, Parameter, Source
from opora.methodology.rule import (
    AllOf,
    AnyOf,
    Condition,
    Counted,
    Failed,
    Index,
    InZone,
    Measure,
    Not,
    Rank,
    Same,
    Where,
    walk,
)


@dataclass(frozen=True)
class Sentence:
    """One condition of a rule in words, and those below it."""

    path: str
    text: str
    parts: tuple["Sentence", ...] = ()


@dataclass(frozen=True)
class Number:
    """One parameter in words."""

    name: str
    meaning: str
    text: str  # «выше 30 %»
    unit: str
    standing: DatedValue
    source: Source
    status: str


@dataclass(frozen=True)
class Description:
    """An edition as pages and the reference show it."""

    name: str
    title: str
    status: str
    source: Source
    clause: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    window: str
    measures: tuple[str, ...]
    lists: tuple[tuple[str, str, Sentence], ...]  # name, title, rule
    leaving_out: tuple[str, ...]  # minimum and exclusions
    numbers: tuple[Number, ...]


def describe(edition: Edition, settled: Settled | None = None) -> Description:
    """Say the whole edition, with the numbers in force (those of its own beginning unless given)."""
    said = _Said(edition, settled or edition.settle())
    return Description(
        name=edition.name,
        title=str(edition.title),
        status=status(edition.status),
        source=edition.sources[edition.source],
        clause=edition.clause,
        known=tuple(str(words) for words in edition.known),
        unknown=tuple(str(words) for words in edition.unknown),
        window=said.window(),
        measures=tuple(said.measure(m) for m in edition.measures.values())
        + tuple(said.index(i) for i in edition.indexes.values()),
        lists=tuple((n, str(each.title), said.tree(each.rule)) for n, each in edition.lists.items()),
        leaving_out=said.leaving_out(),
        numbers=tuple(said.number(p) for p in edition.parameters.values()),
    )


def branch_label(edition: Edition, of: str, branch: str, settled: Settled | None = None) -> str:
    """Say one branch of a list's rule: its own label, or its sentence."""
    if of not in edition.lists:
        raise EditionError(unknown(of, edition.lists, _("нет перечня «{name}»")))
    nodes = {node.path: node for node in walk(edition.lists[of].rule)}
    if branch not in nodes:
        raise EditionError(unknown(branch, nodes, _("нет ветви правила «{name}»")))
    node = nodes[branch]
    return str(node.label) if node.label else _Said(edition, settled or edition.settle()).condition(node)


def rule_text(edition: Edition, of: NamedList, settled: Settled | None = None) -> Sentence:
    """Say the rule of one list as a tree of sentences."""
    return _Said(edition, settled or edition.settle()).tree(of.rule)


def status(word: str) -> str:
    """Say how sure a number or an edition is."""
    return {
        "official text": _("официальный текст"),
        "reconstructed": _("реконструкция"),
        "Opora default": _("умолчание Опоры"),
        "what-if": _("изменено для расчёта «что если»"),
    }[word]


def exclusion_reason(edition: Edition, reason: str) -> str:
    """Say why a result was not counted."""
    own: dict[str, Exclusion] = {each.name: each for each in edition.exclusions}
    if reason in own:
        return str(own[reason].meaning)
    return {
        "no_takers": _("никто не участвовал"),
        "few_takers": _("участников меньше, чем требует правило"),
        "small_cohort": _("участников во всех процедурах школы меньше, чем требует правило"),
        "letter_unknown": _("такой оценки нет в порядке оценок правила"),
    }.get(reason, reason)


def figure(value: Decimal | str) -> str:
    """Write a number the way the person's language does."""
    if isinstance(value, str):
        return value
    plain = f"{value.normalize():f}"
    return plain if _("ru") == "en" else plain.replace(".", ",")


def amount(parameter: Parameter, standing: DatedValue) -> str:
    """Write a value of a parameter with its unit."""
    if parameter.unit == "share":
        return f"{figure(standing.number * 100)} %"
    if parameter.unit == "percent":
        return f"{figure(standing.number)} %"
    return figure(standing.value)


class _Said:
    """Puts the parts of one edition into words, with one set of numbers."""

    def __init__(self, edition: Edition, settled: Settled):
        self.edition = edition
        self.settled = settled

    def amount(self, name: str) -> str:
        return amount(self.edition.parameters[name], self.settled[name])

    def compared(self, name: str, of_shares: bool = False) -> str:
        """Say «не меньше 2» for counts, «выше 30 %» for shares and values."""
        words = {
            "above": (_("больше {n}"), _("выше {n}")),
            "at least": (_("не меньше {n}"), _("не ниже {n}")),
            "below": (_("меньше {n}"), _("ниже {n}")),
            "at most": (_("не больше {n}"), _("не выше {n}")),
            "": ("{n}", "{n}"),
        }[self.settled[name].comparison]
        return words[of_shares].format(n=self.amount(name))

    def number(self, parameter: Parameter) -> Number:
        standing = self.settled[parameter.name]
        of_shares = parameter.unit in ("share", "percent", "number", "points", "letter")
        return Number(
            parameter.name,
            str(parameter.meaning),
            self.compared(parameter.name, of_shares),
            unit(parameter.unit),
            standing,
            self.edition.sources[standing.source],
            status(standing.status),
        )

    def window(self) -> str:
        window = self.edition.window
        if window.years:
            return _("Годы: {years}.").format(years=", ".join(map(str, window.years)))
        return _("Окно: последние годы, за которые есть результаты; лет в окне: {n}.").format(
            n=self.amount(window.last)
        )

    def over(self, last: str) -> str:
        """Say which years a condition looks at."""
        if not last:
            return _("за все годы окна")
        if self.settled[last].number == 1:
            return _("за последний год окна")
        return _("за последние годы окна (лет: {n})").format(n=self.amount(last))

    def measure(self, measure: Measure) -> str:
        title = str(measure.title)
        where = self.where([w for w in measure.where if w[1] != ("all",)])
        if not measure.threshold:
            return title + where + "."
        condition = title[:1].lower() + title[1:] + where
        text = _("Показатель неуспешен, если {measure} — {compared}.")
        if measure.called:
            text = _("Показатель засчитывается ({called}), если {measure} — {compared}.")
        return text.format(
            called=measure.called, measure=condition, compared=self.compared(measure.threshold, True)
        )

    def where(self, pairs: Where | Sequence[tuple[str, tuple[str, ...]]]) -> str:
        shown = "; ".join(f"{column(name)}: {', '.join(values)}" for name, values in pairs)
        return f" ({shown})" if shown else ""

    def index(self, index: Index) -> str:
        zones = []
        for where, steps in index.variants:
            named = ", ".join(
                f"«{z.title}» — {self.compared(z.at, True)}" if z.at else f"«{z.title}» — {_('остальные')}"
                for z in steps
            )
            zones.append(named + self.where(where))
        result = _("сумма баллов") if index.result == "points" else _("процент возможных баллов, до целого")
        return _("Индекс «{title}»: {result} по критериям (их {n}); зоны: {zones}.").format(
            title=index.title, result=result, n=len(index.criteria), zones="; ".join(zones)
        )

    def leaving_out(self) -> tuple[str, ...]:
        minimum, said = self.edition.minimum, []
        if minimum.takers:
            text = _("Процедура учитывается, если участников в ней не меньше {n}.")
            said.append(text.format(n=self.amount(minimum.takers)))
        if minimum.cohort:
            text = _("Школа рассматривается, если участников во всех её процедурах не меньше {n}.")
            said.append(text.format(n=self.amount(minimum.cohort)))
        for each in self.edition.exclusions:
            text = _("Не рассматриваются: {meaning} ({status}).")
            said.append(text.format(meaning=each.meaning, status=status(each.status)))
        return tuple(said)

    def tree(self, condition: Condition) -> Sentence:
        below = getattr(condition, "parts", ())
        if isinstance(condition, Not):
            below = (condition.part,)
        parts = tuple(self.tree(part) for part in below)
        text = self.condition(condition)
        if condition.label and not parts:
            text = f"{condition.label}: {text}"
        return Sentence(condition.path, text, parts)

    def condition(self, condition: Condition) -> str:  # noqa: PLR0911  one case a kind
        """Say one condition; those that hold others only introduce them."""
        match condition:
            case AllOf():
                return self._labelled(condition, _("Выполнено всё:"))
            case AnyOf():
                return self._labelled(condition, _("Выполнено хотя бы одно:"))
            case Not():
                return self._labelled(condition, _("Не выполнено:"))
            case Failed():
                return self._failed(condition)
            case Same():
                return self._same(condition)
            case Counted():
                return _("учтённых показателей {over} — {count}").format(
                    over=self.over(condition.last), count=self.compared(condition.count)
                )
            case Rank():
                return self._rank(condition)
            case InZone():
                return self._zone(condition)
        raise TypeError(condition)

    def _labelled(self, condition: Condition, words: str) -> str:
        return f"{condition.label}. {words}" if condition.label else words

    def _called(self, measures: tuple[str, ...]) -> str:
        called = self.edition.measures[measures[0]].called
        return str(called) if called else _("неуспешных показателей")

    def _failed(self, condition: Failed) -> str:
        count, over = self.compared(condition.count), self.over(condition.last)
        called = self._called(condition.measures)
        if not condition.in_years:
            text = _("{called} {over} вместе — {count}")
            if condition.last and self.settled[condition.last].number == 1:
                text = _("{called} {over} — {count}")
            return text.format(called=called, over=over, count=count)
        if condition.in_years == "every":
            text = _("{called} в каждом году ({over}) — {count}")
            return text.format(called=called, over=over, count=count)
        text = _("{called} {over} — {count}, и так в стольких годах: не меньше {years}")
        return text.format(called=called, over=over, count=count, years=self.amount(condition.in_years))

    def _same(self, condition: Same) -> str:
        over, called = self.over(condition.last), self._called(condition.measures)
        count = self.compared(condition.count) if condition.count else _("не меньше {n}").format(n=1)
        if condition.in_years == "every":
            text = _("{called}, которые повторились (та же процедура) в каждом году ({over}), — {count}")
            return text.format(called=called, over=over, count=count)
        text = _(
            "{called}, которые повторились (та же процедура) {over} в стольких годах: {years}, — {count}"
        )
        return text.format(called=called, over=over, count=count, years=self.amount(condition.in_years))

    def _rank(self, condition: Rank) -> str:
        title = str(self.edition.measures[condition.measure].title)
        group = ", ".join(condition.within)
        within = _("внутри группы ({group})").format(group=group) if group else _("среди всех школ")
        ties = {
            "all": _("равные на границе входят все"),
            "none": _("равные на границе, если не помещаются, не входят"),
            "strict": _("входят только строго дальше границы"),
        }[condition.ties]
        text = {
            "worst": _("худшие {n} {within}: {title} {over}; {ties}"),
            "best": _("лучшие {n} {within}: {title} {over}; {ties}"),
            "quarter": _("четверть {n} (1 — худшая) {within}: {title} {over}; {ties}"),
        }[condition.kind]
        return text.format(
            n=self.amount(condition.number),
            within=within,
            title=title[:1].lower() + title[1:],
            over=self.over(condition.last),
            ties=ties,
        )

    def _zone(self, condition: InZone) -> str:
        index = self.edition.indexes[condition.index]
        titles = {zone.name: str(zone.title) for _where, zones in index.variants for zone in zones}
        zones = ", ".join(f"«{titles[zone]}»" for zone in condition.zones)
        if not condition.in_years:
            return _("индекс «{title}» за последний год окна в зоне {zones}").format(
                title=index.title, zones=zones
            )
        years = _("всех") if condition.in_years == "every" else self.amount(condition.in_years)
        return _("индекс «{title}» {over} в зоне {zones}; лет, в которых это так, не меньше: {years}").format(
            title=index.title, over=self.over(condition.last), zones=zones, years=years
        )


def column(name: str) -> str:
    """Say a column of the outcomes' table."""
    return {
        "assessment": _("процедуры"),
        "sitting": _("потоки"),
        "subject": _("предметы"),
        "grade": _("классы"),
        "grade_programme": _("классы программы"),
        "category": _("категории обучающихся"),
        "indicator": _("показатель"),
    }.get(name, name)


def unit(name: str) -> str:
    """Say a unit of a parameter."""
    return {
        "share": _("доля 0–1"),
        "percent": _("процент 0–100"),
        "indicators": _("показатели"),
        "years": _("годы"),
        "pupils": _("обучающиеся"),
        "schools": _("школы"),
        "components": _("критерии"),
        "points": _("баллы"),
        "quarter": _("четверть"),
        "number": _("число"),
        "letter": _("оценка буквой"),
    }[name]
