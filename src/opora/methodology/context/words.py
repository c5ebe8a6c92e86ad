"""Says context in sentences: what the index rests on, what a cluster is like, what a quadrant means.

No sentence says why a school is where it is, nor that anybody works badly.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from opora.language import _
from opora.methodology.context.index import Context
from opora.methodology.context.indicators import shipped_indicators
from opora.methodology.shares import percent_half_up
from opora.methodology.wording import figure

MOST = 3  # marks of a cluster that its name holds


def fit_sentence(context: Context) -> str:
    """Say how well the region's data let an index be made, and whether it may be used."""
    if context.fit is None:
        return {
            "schools": _("Школ с известными контекстом и результатами слишком мало: индекса нет."),
            "indicators": _(
                "Ни один показатель контекста не известен о достаточном числе школ: индекса нет."
            ),
        }[context.why]
    share, low, high = (_percent(max(part, 0.0)) for part in context.explained)
    told = _(
        "Контекст объясняет {share} % различий между школами (от {low} до {high} %): так он предсказывает "
        "результаты школ, которых не было при оценке. Школ: {schools}, показателей: {indicators}."
    ).format(
        share=share,
        low=low,
        high=high,
        schools=figure(Decimal(len(context.fit.expected))),
        indicators=figure(Decimal(len(context.table.indicators))),
    )
    return told if context.usable else " ".join([told, _("Этого мало: индексом пользоваться нельзя.")])


def coverage_sentence(row: Mapping[str, Any]) -> str:
    """Say one row of ``COVERAGE``: of how many schools an indicator is known, and whether it counts."""
    told = _("{title}: известно о {share} % школ.").format(
        title=shipped_indicators()[row["indicator"]].title, share=_percent(row["share"])
    )
    more = {
        "": "",
        "few": _("Этого мало: в индекс не входит."),
        "same": _("У всех одинаково: в индекс не входит."),
    }[row["why"]]
    return f"{told} {more}".rstrip()


def expected_sentence(row: Mapping[str, Any]) -> str:
    """Say one row of ``EXPECTED``. Units: works; what is expected is rounded to whole ones."""
    return _(
        "Низких результатов — {low}, в таком контексте обычно {expected}. Всего работ: {takers}. "
        "Доля низких у девяти из десяти таких школ — от {from_} до {to} %."
    ).format(
        low=figure(Decimal(row["low"])),
        expected=figure(Decimal(int(row["expected"] + 0.5))),
        takers=figure(Decimal(row["takers"])),
        from_=_percent(row["share_low"]),
        to=_percent(row["share_high"]),
    )


def cluster_names(like: pl.DataFrame) -> dict[int, str]:
    """Name every cluster by what marks it off: «Школы: сельские, малые». ``like``: ``LIKE``.

    Clusters that would have one name are told apart by what they differ in most, with its value.
    """
    parts = {int(str(cluster)): rows for (cluster,), rows in like.group_by("cluster", maintain_order=True)}
    names = {cluster: _name(rows.to_dicts()) for cluster, rows in parts.items()}
    for name in sorted({name for name in names.values() if list(names.values()).count(name) > 1}):
        same = like.filter(pl.col("cluster").is_in([cluster for cluster in names if names[cluster] == name]))
        spread = same.group_by("indicator", maintain_order=True).agg(
            pl.col("off").max() - pl.col("off").min()
        )
        widest = spread.sort("off", descending=True, nulls_last=True, maintain_order=True)["indicator"][0]
        for row in same.filter((pl.col("indicator") == widest) & pl.col("mean").is_not_null()).to_dicts():
            names[row["cluster"]] = f"{name}. {_value(row)}"
    return names


def _value(row: Mapping[str, Any]) -> str:
    """Say the mean of an indicator in its unit."""
    one = shipped_indicators()[row["indicator"]]
    number = figure(Decimal(int(row["mean"] + 0.5)))
    return f"{one.title}: {_percent(row['mean'])} %" if one.unit == "share" else f"{one.title}: {number}"


def _name(like: Iterable[Mapping[str, Any]]) -> str:
    marked = sorted((row for row in like if row["marked"]), key=lambda row: -abs(row["off"]))[:MOST]
    if not marked:
        return _("Школы, близкие к середине по контексту")
    catalogue = shipped_indicators()
    order = {name: place for place, name in enumerate(catalogue)}
    words = []
    for row in sorted(marked, key=lambda row: order[row["indicator"]]):
        one = catalogue[row["indicator"]]
        words.append(str(one.more if row["off"] > 0 else one.less))
    return _("Школы: {marks}").format(marks=", ".join(words))


def quadrant(row: Mapping[str, Any]) -> str:
    """Say where a school stands on the map, a row of ``MAP``; what is not sure is said so."""
    if row["resilient"]:
        return _("Резильентная: контекст среди самых трудных, результаты лучше ожидаемых")
    if row["why"]:
        return {
            "special": _("Не сравнивается: специальная или вечерняя школа"),
            "unknown": _("О контексте школы известно слишком мало"),
            "unfit": _("Связь контекста и результатов в регионе слишком слаба"),
            "results": _("Результаты школы не известны"),
            "few": _("Работ слишком мало, чтобы сравнивать"),
        }[row["why"]]
    told = {
        "hard_good": _("Контекст трудный, результаты лучше ожидаемых"),
        "hard_low": _("Контекст трудный, результаты ниже ожидаемых"),
        "easy_good": _("Контекст благоприятный, результаты лучше ожидаемых"),
        "easy_low": _("Контекст благоприятный, результаты ниже ожидаемых"),
    }[row["quadrant"]]
    return told if row["sure"] else _("{told}; разница может быть случайной").format(told=told)


def _percent(share: float) -> str:
    return figure(Decimal(int(percent_half_up(int(share * 10**6), 10**6))))
