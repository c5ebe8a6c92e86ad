"""Words of identification: labels of outcomes, thresholds, branches and verdicts, in neutral sentences."""

from collections.abc import Sequence
from functools import lru_cache

from opora.identification.models import Run, Verdict
from opora.language import _
from opora.methodology.edition import HIGH, LOW, RISK, Edition, EditionError, parse
from opora.methodology.way_out import Step, Way
from opora.methodology.wording import branch_label as branch_label_of
from opora.ui.numbers import chance, counted, number, plural, share

FEW = 30  # takers: below it a single pupil is told to matter


@lru_cache(maxsize=64)
def _edition(_digest: str, name: str, text: str) -> Edition:
    return parse(text, name)


def edition_of(run: Run) -> Edition:
    """Answer the edition as it stood on the day of the run."""
    return _edition(run.edition_digest, run.edition, run.edition_text)


def threshold_label(row: dict) -> str:
    """Say what the rule compares with: «больше 30 %»."""
    letter, value = row["threshold_letter"], row["threshold"]
    if letter is None and value is None:
        return ""
    told = (
        letter if letter is not None else share(value, _digits(value)) if _is_share(row) else _number(value)
    )
    return {
        "above": _("больше {value}"),
        "at least": _("не меньше {value}"),
        "below": _("меньше {value}"),
        "at most": _("не больше {value}"),
    }.get(row["comparison"], "{value}").format(value=told)


def value_label(row: dict) -> str:
    """Say the value of an indicator that is not a share."""
    if row["share"] is not None:
        return ""
    if row["letter"] is not None and row["value"] is not None:
        return f"{_number(row['value'])} · {row['letter']}"
    return row["letter"] or (_number(row["value"]) if row["value"] is not None else "")


def _is_share(row: dict) -> bool:
    return row["kind"] == "outcome" or row["share"] is not None


def _digits(value: float) -> int:
    return 0 if round(value * 100, 6).is_integer() else 1


def _number(value: float) -> str:
    return number(value, 0 if float(value).is_integer() else 1)


def exclusion_label(reason: str, edition: Edition) -> str:
    """Say why a result, or a school, was left out."""
    if not reason:
        return ""
    known = {
        "no_takers": _("никто не писал"),
        "few_takers": _("слишком мало участников"),
        "small_cohort": _("в школе слишком мало участников"),
        "letter_unknown": _("такой буквы нет в шкале"),
    }
    for exclusion in edition.exclusions:
        known[exclusion.name] = str(exclusion.meaning)
    return known.get(reason, reason)


def branch_label(edition: Edition, of: str, branch: str) -> str:
    """Say the deciding branch of the rule in words; "" where none decided."""
    if not branch:
        return ""
    try:
        return branch_label_of(edition, of, branch)
    except (EditionError, KeyError):
        return branch


def list_title(edition: Edition, name: str) -> str:
    """Say a list's title as its edition does."""
    named = edition.lists.get(name)
    return str(named.title) if named else name


def said_of(verdict: Verdict, edition: Edition) -> str:
    """Say what stands of a school on a list: the rule's verdict, or the decision that stands against it."""
    if verdict.listed != verdict.by_rule:
        return amended_sentence(verdict.listed, verdict.failed, verdict.counted)
    excluded = exclusion_label(verdict.excluded, edition)
    named = edition.lists.get(verdict.list)
    kind = named.kind if named else LOW
    return verdict_sentence(kind, verdict.listed, verdict.failed, verdict.counted, excluded)


def verdict_sentence(kind: str, listed: bool, failed: int, counted: int, excluded: str) -> str:
    """Say the verdict in one neutral sentence; ``kind`` is the list's, as its edition has it."""
    if excluded:
        return _("Методика не рассматривает эту школу: {reason}.").format(reason=excluded)
    told = _("{failed} из {counted}").format(failed=number(failed), counted=number(counted))
    of = plural(counted, "показателя,показателей,показателей")
    if listed:
        said = {
            LOW: _("Школа нуждается в поддержке и включена в перечень: порог пройден у {told} {of}."),
            RISK: _("Школа в группе риска, к ней стоит присмотреться: порог пройден у {told} {of}."),
            HIGH: _("Школа стабильно сильна и может помогать другим: порог пройден у {told} {of}."),
        }[kind]
        return said.format(told=told, of=of)
    if not counted:
        return _("Школа не включена в перечень: нет ни одного результата, который учитывает методика.")
    return _("Школа не включена в перечень: порог пройден у {told} {of}.").format(told=told, of=of)


def amended_sentence(listed: bool, failed: int, counted: int) -> str:
    """Say the verdict of a school on which a decision stands against the rule."""
    told = _("{failed} из {counted}").format(failed=number(failed), counted=number(counted))
    of = plural(counted, "показателя,показателей,показателей")
    if listed:
        said = _("Школа включена в перечень решением, а не правилом: порог пройден у {told} {of}.")
    else:
        said = _(
            "Школа выведена из перечня решением. По правилу она вошла бы в него: порог пройден у {told} {of}."
        )
    return said.format(told=told, of=of)


def stability_sentence(stability: float | None, unstable: bool, takers: Sequence[int]) -> str:
    """Say how sure the verdict is, given how few pupils wrote; ``takers`` of each result that decided."""
    if stability is None:
        return _("Устойчивость этого решения не вычисляется.")
    told = chance(stability)
    if unstable:
        return _(
            "Решение неустойчиво: {why}. Если судить по настоящему уровню учеников — с учётом всех "
            "результатов школы и того, как учатся в других, — оно было бы таким же с вероятностью {told}. "
            "Решает правило, но на школу стоит посмотреть внимательнее."
        ).format(why=_why_unstable(takers), told=told)
    return _(
        "Решение устойчиво: если судить по настоящему уровню учеников, а не по одному набору работ, "
        "оно было бы таким же с вероятностью {told}."
    ).format(told=told)


def _why_unstable(takers: Sequence[int]) -> str:
    fewest, most = min(takers, default=FEW), max(takers, default=FEW)
    if fewest >= FEW:
        return _("доли близки к порогу")
    points = round(100 / fewest)
    if fewest == most:
        told = _("при {count} один ученик меняет долю на {points}")
        people = counted(fewest, "участнике,участниках,участниках")
        return told.format(count=people, points=counted(points, "пункт,пункта,пунктов"))
    told = _("участников в результатах от {fewest} до {most}, и один ученик меняет долю до {points}")
    return told.format(fewest=fewest, most=most, points=counted(points, "пункта,пунктов,пунктов"))


def standing_words(verdict: Verdict | None, edition: Edition) -> str:
    """Say in a few words how a school stands in a run; None is a school without results there."""
    if verdict is None:
        return _("результатов нет")
    if verdict.excluded:
        return exclusion_label(verdict.excluded, edition)
    told = _("выше порога {failed} из {counted}")
    said = told.format(failed=number(verdict.failed), counted=number(verdict.counted))
    if verdict.listed == verdict.by_rule:
        return said
    decided = _("{said}; включена решением") if verdict.listed else _("{said}; выведена решением")
    return decided.format(said=said)


def way_out_sentence(way: Way) -> str:
    """Say the nearest way off a list, or why there is none."""
    if way.why_not:
        return {
            "relative": _("Правило сравнивает школы между собой: пути из перечня для одной школы нет."),
            "fixed": _("Меньшее число низких результатов не вывело бы школу из перечня: решает другое."),
            "too_many": _("Путей слишком много, чтобы перебрать все: ближайший не назван."),
        }[way.why_not]
    return _(
        "Школа не вошла бы в перечень, будь низких результатов на {count} меньше при тех же участниках:"
    ).format(count=number(way.cost))


def step_words(name: str, step: Step) -> str:
    """Say one outcome of a way: how many low results instead of how many."""
    told = _("{name}: {after} вместо {before}")
    return told.format(name=name, after=number(step.after), before=number(step.before))


def turning_sentence(name: str, step: Step) -> str:
    """Say the one result that would turn a verdict by itself."""
    said = _("Решение изменил бы и один результат: {name} — {after} низких вместо {before}.")
    return said.format(name=name, after=number(step.after), before=number(step.before))


def status_kind(status: str) -> str:
    """Answer the frame's word for where a rule comes from."""
    return {"official text": "official", "reconstructed": "reconstructed"}.get(status, "default")


def legal_note() -> str:
    """Say what the results may not be used for (facts of 2021–2026, see docs)."""
    return _(
        "Перечень нужен, чтобы помочь школе. Результаты ВПР не предназначены для оценки работы школ, "
        "учителей и органов управления образованием, для рейтингов и наказаний: разъяснения "
        "Рособрнадзора 2021 и 2025 годов, повторены 18 апреля 2025 года № 02-86."
    )
