"""Invents the neutral figures that the gallery shows its components with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import QueryDict

from opora.language import _
from opora.ui.components import Crumb, FieldChange, FileRemark, Happening, LogEntry, Step, Task, Wrong
from opora.ui.numbers import share, share_as_percent
from opora.ui.pictures.bars import Bar, Bars
from opora.ui.pictures.histogram import Histogram
from opora.ui.pictures.intervals import DotPlot, Row
from opora.ui.pictures.levels import LevelPlot, LevelRow
from opora.ui.pictures.parts import PartsPlot, PartsRow
from opora.ui.pictures.scatter import Dot, Scatter
from opora.ui.pictures.tile_map import Tile, TileMap

PER_PAGE = 50


@dataclass(frozen=True)
class GalleryPage:
    """Everything that the gallery's template draws."""

    crumbs: list[Crumb]
    steps: list[Step]
    tasks: list[Task]
    rows: list[tuple[str, str, str]]
    wrong: list[Wrong]
    remarks: list[FileRemark]
    happenings: list[Happening]
    log: list[LogEntry]
    form: forms.Form
    dots: DotPlot
    dots_one: DotPlot
    dots_none: DotPlot
    levels: LevelPlot
    parts: PartsPlot
    bars: Bars
    bars_none: Bars
    histogram: Histogram
    scatter: Scatter
    tiles: TileMap
    tiles_none: TileMap
    few: list[dict[str, Any]]
    page: Page


class ExampleForm(forms.Form):
    """A form with a wrong field, an optional one, a choice and a box to tick."""

    title = forms.CharField(label="")
    remark = forms.CharField(label="", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(label="", choices=())
    agree = forms.BooleanField(label="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("Название")
        self.fields["title"].help_text = _("Так, как в приказе.")
        self.fields["remark"].label = _("Пояснение")
        self.fields["kind"].label = _("Вид")
        self.fields["kind"].choices = [("", _("Выберите")), ("a", _("Первый")), ("b", _("Второй"))]  # type: ignore[attr-defined]
        self.fields["agree"].label = _("Проверено вместе со школой")


def gallery_page(query: QueryDict) -> GalleryPage:
    """Make the gallery's figures; ``page`` in the query turns the long table."""
    schools = _schools(487)
    form = ExampleForm({"title": "", "kind": "a"})
    form.is_valid()
    return GalleryPage(
        crumbs=_crumbs(),
        steps=_steps(),
        tasks=_tasks(),
        rows=_rows(),
        wrong=_wrong(),
        remarks=_remarks(),
        happenings=_happenings(),
        log=_log(),
        form=form,
        dots=_dots(),
        dots_one=DotPlot(_("Один показатель"), [_row(_("Русский язык, 9 класс"), 2, 7, 0.08, 0.6)], 0.3),
        dots_none=DotPlot(_("Без показателей"), [], 0.3),
        levels=_levels(),
        parts=_parts(),
        bars=_bars(),
        bars_none=Bars(_("Пусто"), []),
        histogram=_histogram(),
        scatter=_scatter(),
        tiles=_tiles(),
        tiles_none=TileMap(_("Пусто"), []),
        few=schools[:6],
        page=Paginator(schools, PER_PAGE).get_page(query.get("page", "2")),
    )


def _crumbs() -> list[Crumb]:
    above = [_("Страна"), _("Регион"), _("Муниципалитет")]
    return [*(Crumb(name, "#") for name in above), Crumb(_("Школа"))]


def _wrong() -> list[Wrong]:
    return [
        Wrong(_("Файл пустой."), "#id_title", _("Нужна хотя бы одна строка с результатами.")),
        Wrong(_("Год «20018» не читается."), allowed=_("Четыре цифры, например 2018.")),
    ]


def _steps() -> list[Step]:
    return [
        Step(_("Результаты"), "done", _("загружены 12 марта"), "#"),
        Step(_("Перечень"), "current", _("проект, 41 школа"), "#"),
        Step(_("Участники"), "ahead", _("18 мест")),
        Step(_("Диагностика"), "ahead", _("с 1 апреля")),
        Step(_("Дорожные карты"), "ahead", _("до 15 мая")),
        Step(_("Эффект"), "ahead", _("ноябрь")),
    ]


def _tasks() -> list[Task]:
    return [
        Task(_("Проверить неустойчивые решения"), "#", "attention", _("6 школ"), _("до 18 марта")),
        Task(_("Исправить файл результатов"), "#", "trouble", _("14 замечаний"), _("вчера, 16:40")),
        Task(_("Опубликовать перечень"), None, "none", _("ещё нельзя"), _("сначала — проверка решений")),
        Task(_("Загрузить результаты"), "#", "ok", _("сделано"), _("12 марта")),
    ]


def _rows() -> list[tuple[str, str, str]]:
    return [
        (_("Вид"), _("средняя школа"), ""),
        (_("Учеников"), "214", _("на 1 сентября")),
        (_("Участников по всем показателям"), "113", ""),
        (_("Код"), "edu000000", _("логин ВПР")),
    ]


def _remarks() -> list[FileRemark]:
    sheet = _("Отметки")
    return [
        FileRemark(
            sheet, "C14", _("Низких результатов больше, чем участников"), _("не больше числа участников")
        ),
        FileRemark(sheet, "20", _("Предмет не назван"), _("одно из названий справочника предметов")),
        FileRemark(sheet, "E31", _("Отметки такой нет"), _("2, 3, 4 или 5"), _("Отметка")),
    ]


def _happenings() -> list[Happening]:
    order = _("Приказ № 17 от 3 июня 2019 года")
    tie = (_("вошла"), Crumb(_("Школа № {number}").format(number=2), "#"))
    return [
        Happening(date(2021, 3, 1), _("Школа переименована"), notes=[order], deed=Crumb(_("Отменить…"), "#")),
        Happening(date(2019, 9, 1), _("К школе присоединена другая"), [tie], [order]),
        Happening(date(2018, 9, 1), _("Школа закрыта"), notes=[order], undone=_("Отменено: не та школа")),
    ]


def _log() -> list[LogEntry]:
    changed = (
        FieldChange(_("Название"), _("Школа № 7"), _("Школа № 7 имени первой учительницы")),
        FieldChange(_("Учеников"), "", "214"),
        FieldChange(_("Логин ВПР"), "edu000000", ""),
    )
    at = datetime(2026, 3, 12, 13, 40, tzinfo=UTC)
    return [
        LogEntry(at, _("Имя Отчество"), _("координатор"), _("исправлены сведения о школе"), changes=changed),
        LogEntry(at, _("Имя Отчество"), "", _("загружены файлы: 3"), _("загрузка"), "#", more=_("ещё 2")),
        LogEntry(at, _("программа"), "", _("подведены итоги дня")),
    ]


def _row(label: str, low: int, takers: int, lower: float, upper: float, **more: Any) -> Row:
    return Row(label, low / takers, lower, upper, takers, low, is_failed=low * 10 > takers * 3, **more)


def _dots() -> DotPlot:
    rows = [
        _row(_("ВПР 2018 · математика, 5 класс"), 8, 20, 0.22, 0.61),
        _row(_("ВПР 2018 · русский язык, 6 класс"), 4, 19, 0.08, 0.42),
        _row(_("ВПР 2019 · математика, 6 класс"), 9, 18, 0.29, 0.71),
        _row(_("ВПР 2019 · русский язык, 5 класс"), 31, 103, 0.23, 0.38),
        _row(_("ОГЭ 2019 · русский язык, 9 класс"), 3, 10, 0.09, 0.61),
        _row(_("ОГЭ 2019 · физика, 9 класс"), 1, 2, 0.03, 0.97, excluded=_("участников меньше пяти")),
        Row(_("ЕГЭ 2019 · математика, 11 класс"), None, note=_("процедуры не было")),
    ]
    return DotPlot(_("Доля низких результатов по показателям"), rows, 0.3)


def _levels() -> LevelPlot:
    rows = [
        LevelRow(_("Дефицит педагогических кадров"), "high", _("высокая"), 72, 61, 83, 35, 60, beside=44),
        LevelRow(_("Низкий уровень оснащения школы"), "middle", _("средняя"), 48, 39, 57, 35, 60, beside=52),
        LevelRow(_("Высокая доля обучающихся с ОВЗ"), "low", _("низкая"), 24, 24, 24, 35, 60),
        LevelRow(_("Низкий уровень вовлечённости родителей"), "none", _("нет данных")),
    ]
    return LevelPlot(_("Рисковые факторы школы"), rows, _("середина похожих школ"))


def _parts() -> PartsPlot:
    rows = [
        PartsRow(
            _("ВПР 2021 · русский язык, 5 класс"), (0.31, 0.58, 0.11), (0.27, 0.62, 0.11), _("работ — 45")
        ),
        PartsRow(_("ВПР 2021 · математика, 5 класс"), (0.06, 0.9, 0.04), note=_("работ — 50")),
    ]
    names = (_("понизили"), _("подтвердили"), _("повысили"))
    return PartsPlot(_("Отметки внешних работ и журнала"), names, rows, _("другие школы"))


def _bars() -> Bars:
    bars = [
        Bar(_("Остались в перечне"), 26, _("26 школ")),
        Bar(_("Вошли впервые"), 15, _("15 школ"), is_strong=True),
        Bar(_("Вышли"), 11, _("11 школ")),
        Bar(_("Не сравнить"), None),
    ]
    return Bars(_("Что изменилось с прошлого года"), bars)


def _histogram() -> Histogram:
    expected = [6, 9, 13, 17, 21, 24, 26, 27, 26, 24, 21, 17, 13, 9, 6, 3]
    works = [
        works + (9 if score in (6, 10) else -7 if score in (4, 5, 9) else 0)
        for score, works in enumerate(expected)
    ]
    return Histogram(_("Работы по баллам"), works, expected, ((6, "«3»"), (10, "«4»"), (13, "«5»")))


def _scatter() -> Scatter:
    dots = [
        Dot(
            (place * 7 % 19 - 9) / 5, (place * 11 % 23 - 11) / 9, _("Школа"), None, place == 5, place % 3 == 0
        )
        for place in range(60)
    ]
    ends = (_("выше"), _("ниже"), _("левее"), _("правее"))
    return Scatter(_("Две величины"), dots, ends, _("особенная школа"))


def _tiles() -> TileMap:
    tiles = []
    for place in range(60):
        column, row = place % 12, place // 12
        known = place % 11 != 4
        low, takers = (place * 37) % 29, 60 + place
        tiles.append(
            Tile(
                column,
                row,
                f"{chr(1040 + place % 20)}{chr(1040 + place % 7)}",
                _("Территория {number}").format(number=place + 1),
                low / takers if known else None,
                share_as_percent(low, takers) if known else "",
                "#",
                is_current=place == 30,
            )
        )
    return TileMap(_("Доля школ в перечне по территориям"), tiles, _("Школ в перечне"))


def _schools(count: int) -> list[dict[str, Any]]:
    """Invent schools whose figures follow from their number."""
    states = [("ok", _("устойчиво")), ("attention", _("неустойчиво")), ("none", _("нет данных"))]
    made = []
    for number in range(1, count + 1):
        state, word = states[(number * 7) % 5 % 3]
        made.append(
            {
                "name": _("Школа № {number}").format(number=number),
                "place": _("Муниципалитет {number}").format(number=1 + number % 20),
                "pupils": 40 + (number * 61) % 900,
                "failed": _("{failed} из {all}").format(failed=2 + number % 3, all=5 + number % 4),
                "highest": share(0.31 + (number * 13 % 40) / 100),
                "state": state,
                "word": word,
                "stability": share(0.5 + (number * 17 % 50) / 100) if state != "none" else "",
            }
        )
    return made
