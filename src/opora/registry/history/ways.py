"""The ways in which a change is told on a school's page: each is a kind of change seen from this school."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from opora.registry.history.changes import Kind

EMPTY = lazy("Пустое поле — кода больше нет.")
ORDER_FIELDS = ("on", "order_number", "order_date")


@dataclass(frozen=True)
class Way:
    """What a person chooses: its kind, its words, the fields it asks for besides day and order."""

    key: str
    kind: Kind
    name: Any
    meaning: Any
    fields: tuple[str, ...] = ()


WAYS = {
    way.key: way
    for way in (
        Way(
            "joined",
            Kind.MERGE,
            lazy("К этой школе присоединены другие"),
            lazy("Эта школа продолжает работать, присоединённых с этого дня нет."),
            ("schools",),
        ),
        Way(
            "became_part",
            Kind.MERGE,
            lazy("Эта школа вошла в другую"),
            lazy("Этой школы с этого дня нет, другая продолжает работать."),
            ("other",),
        ),
        Way(
            "union",
            Kind.MERGE,
            lazy("Эта школа и другие слились в новую"),
            lazy("Прежних школ с этого дня нет. Новая уже должна быть в реестре."),
            ("schools", "new_school"),
        ),
        Way(
            "split_off",
            Kind.SPLIT,
            lazy("Из этой школы выделена новая"),
            lazy("Эта школа продолжает работать. Новая уже должна быть в реестре."),
            ("new_school", "shares"),
        ),
        Way(
            "divided",
            Kind.SPLIT,
            lazy("Эта школа разделена на новые"),
            lazy("Этой школы с этого дня нет. Новые уже должны быть в реестре."),
            ("new_schools", "shares"),
        ),
        Way(
            "branch",
            Kind.BRANCH,
            lazy("Эта школа стала филиалом другой"),
            lazy("Школа остаётся в реестре; результаты у неё по-прежнему свои."),
            ("other",),
        ),
        Way(
            "branch_opened",
            Kind.BRANCH,
            lazy("У этой школы открыт филиал"),
            lazy("Филиал уже должен быть в реестре."),
            ("new_school",),
        ),
        Way(
            "independent",
            Kind.INDEPENDENT,
            lazy("Этот филиал стал самостоятельной школой"),
            lazy("Результаты остаются за ним."),
        ),
        Way(
            "rename",
            Kind.RENAME,
            lazy("Школа переименована"),
            lazy("Перечни помнят прежнее название, поиск находит школу по обоим."),
            ("name", "short_name", "name_before"),
        ),
        Way("founder", Kind.FOUNDER, lazy("Сменился учредитель"), lazy("Школа та же."), ("founder",)),
        Way(
            "move",
            Kind.MOVE,
            lazy("Школа перешла в другой муниципалитет"),
            lazy("Утверждённые перечни помнят прежний муниципалитет."),
            ("municipality",),
        ),
        Way(
            "reform",
            Kind.REFORM,
            lazy("Муниципалитет этой школы стал другим"),
            lazy("Реформа: все школы муниципалитета с этого дня — в новом."),
            ("municipality",),
        ),
        Way("open", Kind.OPEN, lazy("Школа открыта"), lazy("До этого дня её не было.")),
        Way(
            "close",
            Kind.CLOSE,
            lazy("Школа или филиал закрыты"),
            lazy("Преемника нет. Если школа вошла в другую, выберите это выше."),
        ),
        Way("reopen", Kind.REOPEN, lazy("Школа вновь работает"), lazy("После записанного закрытия.")),
        Way("vpr_login", Kind.VPR_LOGIN, lazy("Сменился логин ВПР"), EMPTY, ("code",)),
        Way("ris_code", Kind.RIS_CODE, lazy("Сменился код в РИС ГИА"), EMPTY, ("code",)),
        Way("inn", Kind.INN, lazy("Сменился ИНН"), EMPTY, ("code",)),
    )
}
