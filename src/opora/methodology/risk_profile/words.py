"""Says a risk profile in sentences: levels and how sure they are, what lacks, what changed, who differs.

Neutral words: a factor needs attention or does not; nobody works badly. What is Opora's own is said
elsewhere.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from opora.language import _
from opora.methodology.risk_profile.edition import ProfileEdition
from opora.methodology.risk_profile.levels import HIGH, LOW, MIDDLE, NO_DATA
from opora.methodology.shares import percent_half_up
from opora.methodology.wording import figure


def level_name(level: str) -> str:
    """Name a level."""
    return {
        HIGH: _("высокая"),
        MIDDLE: _("средняя"),
        LOW: _("низкая"),
        NO_DATA: _("нет данных"),
    }[level]


def audience_name(audience: str) -> str:
    """Name a group as it is told of: «учителя»."""
    return {
        "director": _("директор"),
        "teacher": _("учителя"),
        "pupil": _("ученики"),
        "parent": _("родители"),
        "psychologist": _("психолог"),
        "context": _("показатели контекста"),
        "results": _("результаты школы"),
    }[audience]


def interval_line(row: Mapping[str, Any]) -> str:
    """Say between what a score may lie by who happened to answer. Units: points, rounded to whole ones.

    What an interval is stands once beside all of them.
    """
    if row["high"] - row["low"] < 1e-6:
        return _("Случайности выборки нет.")
    return _("Интервал от {low} до {high}.").format(low=_whole(row["low"]), high=_whole(row["high"]))


def sure_sentence(row: Mapping[str, Any], edition: ProfileEdition) -> str:
    """Say how often the level would be the same."""
    share = row["sure"]
    percent = _percent(share)
    if share < float(edition.number("sure_from")):
        return _("Уровень не твёрдый: таким же он вышел бы в {percent} % случаев.").format(percent=percent)
    return _("Таким же уровень вышел бы в {percent} % случаев.").format(percent=percent)


def lack_sentence(why: str, edition: ProfileEdition) -> str:
    """Say why there is no level or no score."""
    smallest = figure(edition.number("smallest_group"))
    return {
        "none": _("Никто не ответил на вопросы об этом, других сведений нет."),
        "few": _("Ответивших меньше {smallest}: такие группы не показывают.").format(smallest=smallest),
        "weight": _("Данные есть лишь о малой части фактора: вывода по ней не делают."),
        "reference": _("Школ с данными, с которыми сравнивают, слишком мало."),
    }[why]


def response_sentence(row: Mapping[str, Any]) -> str:
    """Say one row of ``RESPONSES``."""
    who, answered = audience_name(row["audience"]), figure(Decimal(row["answered"]))
    if row["why"] == "unknown":
        return _("{who}: ответов — {answered}, сколько приглашено, не известно.").format(
            who=who, answered=answered
        )
    invited = figure(Decimal(row["invited"]))
    if row["why"] == "more":
        return _("{who}: ответов — {answered}, больше, чем приглашено ({invited}): проверьте число.").format(
            who=who, answered=answered, invited=invited
        )
    return _("{who}: ответов — {answered} из {invited}, {percent} %.").format(
        who=who, answered=answered, invited=invited, percent=_percent(row["rate"])
    )


def lacking_sentence(row: Mapping[str, Any]) -> str:
    """Say of one row of ``INDICATORS`` which groups it lacks. Empty: "" where it lacks none."""
    if not row["lacking"]:
        return ""
    return _("Без учёта групп, о которых нет данных: {groups}.").format(
        groups=", ".join(audience_name(one) for one in row["lacking"])
    )


def changed_sentence(row: Mapping[str, Any]) -> str:
    """Say one row of ``CHANGED``: what changed since last year, or why that cannot be said."""
    if row["why"]:
        reason = {
            "items": _("вопросы этого и прошлого года слишком разные"),
            "new": _("в прошлом опросе об этом не спрашивали"),
            "unsaid": _("не сказано, что стало с вопросами прежней анкеты"),
            "before": _("в прошлом году данных нет"),
            "now": _("в этом году данных нет"),
            "weight": _("данные обоих лет есть лишь о малой части фактора"),
        }[row["why"]]
        return _("Нельзя сравнить: {reason}.").format(reason=reason)
    low, high = row["low"], row["high"]
    numbers = {name: _whole(row[name]) for name in ("before", "now")}
    if low > 0:
        told = _("Риск вырос: было {before}, стало {now}.").format(**numbers)
    elif high < 0:
        told = _("Риск снизился: было {before}, стало {now}.").format(**numbers)
    else:
        told = _("Изменение может быть случайным: было {before}, стало {now}.").format(**numbers)
    between = _("Разница — от {low} до {high}.").format(low=_signed(low), high=_signed(high))
    likened = _("Часть вопросов не те же, а лишь сопоставимые.") if row["kind"] == "comparable" else ""
    return " ".join(part for part in (told, between, likened) if part)


def beside_sentence(row: Mapping[str, Any]) -> str:
    """Say one row of ``BESIDE``."""
    if row["why"] == "none":
        return _("Сравнить не с чем: у школы нет данных.")
    if row["why"] == "few":
        return _("Похожих школ с данными слишком мало.")
    return _(
        "У школы {points}, у похожих — {median}, у половины из них от {lower} до {upper}; школ: {similar}."
    ).format(
        similar=figure(Decimal(row["similar"])),
        **{name: _whole(row[name]) for name in ("points", "median", "lower", "upper")},
    )


def disagreement_line(row: Mapping[str, Any], edition: ProfileEdition) -> str:
    """Say one row of ``DISAGREEMENTS`` that was found in a line: what it means is said once beside them."""
    told = _("{indicator}: {first} — {first_points}, {second} — {second_points}; обычная разница {usual}.")
    said = told.format(
        indicator=_indicator_title(edition, row["factor"], row["indicator"]),
        first=audience_name(row["first"]),
        second=audience_name(row["second"]),
        first_points=_whole(row["first_points"]),
        second_points=_whole(row["second_points"]),
        usual=_signed(row["usual"]),
    )
    if row["one_person"]:
        said = " ".join([said, _("Одна из сторон — один человек: его мнение — не мнение группы.")])
    return said


def change_sentence(row: Mapping[str, Any], edition: ProfileEdition) -> str:
    """Say one row of ``CHANGES``: what would have to be otherwise for another level."""
    to = level_name(row["to"])
    if row["indicator"] is None:
        return _(
            "Уровень «{to}»: ни один показатель сам по себе его не даст, нужно изменить несколько."
        ).format(to=to)
    return _(
        "Уровень «{to}»: показатель «{indicator}» — {to_points} вместо {from_points}, остальные прежние."
    ).format(
        to=to,
        indicator=_indicator_title(edition, row["factor"], row["indicator"]),
        to_points=_whole(row["to_points"]),
        from_points=_whole(row["from_points"]),
    )


def reliability_sentence(row: Mapping[str, Any], edition: ProfileEdition) -> str:
    """Say one row of ``RELIABILITY``."""
    if row["why"] in ("single", "few", "same"):
        return {
            "single": _("Вопрос один: надёжность по нему не посчитать."),
            "few": _("Ответивших на все вопросы слишком мало ({respondents}), чтобы судить о надёжности."),
            "same": _("На какой-то вопрос все ответили одинаково: надёжность не посчитать."),
        }[row["why"]].format(respondents=figure(Decimal(row["respondents"])))
    told = _("Надёжность: альфа {alpha}").format(alpha=_hundredths(row["alpha"]))
    if row["omega"] is not None:
        told = _("{told}, омега {omega}").format(told=told, omega=_hundredths(row["omega"]))
    return _("{told}; ответивших на все вопросы: {respondents}.").format(
        told=told, respondents=figure(Decimal(row["respondents"]))
    )


def _title(edition: ProfileEdition, factor: str) -> str:
    return str(next(one.title for one in edition.factors if one.name == factor))


def _indicator_title(edition: ProfileEdition, factor: str, indicator: str) -> str:
    own = next(one for one in edition.factors if one.name == factor)
    return str(next(one.title for one in own.indicators if one.name == indicator))


def _whole(points: float) -> str:
    return figure(Decimal(int(points + 0.5)))


def _signed(points: float) -> str:
    """Print a difference with its sign, half away from zero."""
    size = int(abs(points) + 0.5)
    return f"{'−' if points < 0 else '+'}{size}" if size else "0"


def _hundredths(value: float) -> str:
    return figure(Decimal(str(round(value, 2))))


def _percent(share: float) -> str:
    return figure(Decimal(int(percent_half_up(int(share * 10**6), 10**6))))
