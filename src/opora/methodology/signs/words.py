"""Says signs of bias in sentences: what was seen, what was expected, and that this is a reason to look.

No sentence says what anybody did: a distribution differs, a result is not confirmed, and why is not known.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from opora.language import _
from opora.methodology.wording import figure


def sentence(row: Mapping[str, Any]) -> str:
    """Say one row of ``looked_at``. Units: numbers of works or pupils, what is expected rounded to whole."""
    told = {
        "peak": _(
            "Распределение первичных баллов: на границах отметок или чуть выше — {seen}, "
            "при таком уровне школы ожидалось {expected}. Всего работ: {works}."
        ),
        "unconfirmed": _(
            "Экзамены и проверочные работы: низких результатов на экзаменах — {seen}, "
            "по проверочным работам ожидалось {expected}. Всего проверочных работ: {works}."
        ),
        "raised": _(
            "Отметки за работу и по журналу: выше, чем в журнале, — {seen}, "
            "обычно таких {expected}. Всего работ: {works}."
        ),
        "lowered": _(
            "Отметки за работу и по журналу: ниже, чем в журнале, — {seen}, "
            "обычно таких {expected}. Всего работ: {works}. Это говорит скорее о журнале, чем о работе."
        ),
        "dropped": _(
            "Работы с контролем объективности: низких результатов — {seen}, "
            "по работам без контроля ожидалось {expected}. Всего работ без контроля: {works}."
        ),
        "better": _(
            "Среди похожих школ: низких результатов — {seen}, у средней из похожих было бы {expected}. "
            "Всего работ: {works}. Так выглядит и резильентная школа."
        ),
    }[row["kind"]]
    return told.format(
        seen=figure(Decimal(row["seen"])),
        expected=figure(Decimal(int(row["expected"] + 0.5))),
        works=figure(Decimal(row["works"])),
    )


def conclusion(named: bool) -> str:
    """Say what follows from all signs of a school together: something to look at, never a finding."""
    if named:
        return _(
            "Результаты отличаются от ожидаемых сильнее, чем бывает случайно. "
            "Это повод посмотреть, а не вывод; на решение о перечне не влияет."
        )
    return _("Результаты не отличаются от ожидаемых сильнее, чем бывает случайно.")


def marker(row: Mapping[str, Any]) -> str:
    """Say one row of ``official``."""
    told = _("Официальные маркеры, {year}: {markers} из {told}. Как они получены, не опубликовано.")
    return told.format(**{name: row[name] for name in ("year", "markers", "told")})
