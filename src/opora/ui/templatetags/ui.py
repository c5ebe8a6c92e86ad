"""Gives templates the components of the gallery and the ways to write numbers and days.

The library is built into every template: nothing needs to be loaded.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from opora.language import _
from opora.ui import components, numbers
from opora.ui.pictures import bars as bars_picture
from opora.ui.pictures import histogram, intervals, levels, parts, scatter, tile_map

register = template.Library()
FOLDER = "ui/components"

register.filter("number", numbers.number)
register.filter("percent", numbers.percent)
register.filter("share", numbers.share)
register.filter("chance", numbers.chance)
register.filter("plural", numbers.plural)
register.filter("counted", numbers.counted)
register.filter("day", numbers.day)
register.filter("moment", numbers.moment)
register.simple_tag(numbers.share_as_percent)
register.simple_tag(numbers.interval)

register.simple_tag(intervals.dot_plot, name="dot_plot")
register.simple_tag(tile_map.tile_map, name="tile_map")
register.simple_tag(histogram.histogram, name="histogram")
register.simple_tag(levels.level_plot, name="level_plot")
register.simple_tag(scatter.scatter, name="scatter")
register.simple_tag(parts.parts_plot, name="parts_plot")
register.simple_tag(bars_picture.bars, name="bars")
register.simple_tag(bars_picture.mini_bar, name="mini_bar")


def _drawn(component: str, /, **given: Any) -> SafeString:
    return SafeString(render_to_string(f"{FOLDER}/{component}.html", given).strip())


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET if request is not None else QueryDict()


@register.simple_tag
def pill(state: str, word: str, note: str = "") -> SafeString:
    """Draw a status: shape, word and colour; ``note`` stands beside it in grey."""
    if state not in components.PILL_STATES:
        raise template.TemplateSyntaxError(f"pill: {state!r} is none of {', '.join(components.PILL_STATES)}")
    if note:
        return _drawn("pill", state=state, word=word, note=note)
    return _pill(state, str(word))


@lru_cache(maxsize=512, typed=True)  # typed: a word that is safe as it stands is no other word's picture
def _pill(state: str, word: str) -> SafeString:
    """Draw a status once: a list has fifty of the same few."""
    return _drawn("pill", state=state, word=word, note="")


@register.simple_tag
def origin(kind: str) -> SafeString:
    """Mark where a rule or number comes from: ``official``, ``reconstructed`` or ``default``."""
    word, meaning = components.origin(kind)
    return _drawn("origin", kind=kind, word=word, meaning=meaning)


@register.simple_block_tag
def card(content: str, title: str = "", note: str = "", level: int = 2, flush: bool = False) -> SafeString:
    """Draw a card; ``flush`` lets a table reach the edges."""
    return _drawn("card", content=content, title=title, note=note, level=level, flush=flush)


@register.simple_block_tag
def callout(content: str, kind: str = "neutral", title: str = "") -> SafeString:
    """Draw a paragraph that must not be overlooked, in the colour and shape of a pill's state."""
    return _drawn("callout", content=content, kind=kind, title=title)


@register.simple_block_tag
def key_figure(content: str, value: object, label: str, interval: str = "", href: str = "") -> SafeString:
    """Draw a key figure; what stands inside answers «откуда число», ``href`` leads to what was counted."""
    return _drawn(
        "key_figure",
        content=SafeString(content.strip()),
        value=value,
        label=label,
        interval=interval,
        href=href,
    )


@register.simple_block_tag
def blank(content: str, kind: str, title: str = "") -> SafeString:
    """Say why there is nothing here and what to do.

    ``kind`` is ``empty``, ``loading``, ``error``, ``forbidden`` or ``offline``.
    """
    titles = {
        "empty": _("Здесь пока пусто"),
        "loading": _("Считаем…"),
        "error": _("Не получилось показать"),
        "forbidden": _("Эта часть вам не открыта"),
        "offline": _("Связи нет"),
    }
    return _drawn("blank", content=content, kind=kind, title=title or titles[kind])


@register.simple_tag
def crumbs(entries: Any) -> SafeString:
    """Draw the way to this page from pairs of a name and an address."""
    return _drawn("crumbs", crumbs=components.crumbs_of(entries))


@register.simple_tag
def step_line(steps: Any, label: str = "") -> SafeString:
    """Draw where in the cycle we are."""
    return _drawn("step_line", steps=list(steps), label=label or _("Этапы"))


@register.simple_tag
def task_list(tasks: Any) -> SafeString:
    """Draw what waits for the person."""
    return _drawn("task_list", tasks=list(tasks))


@register.simple_tag
def timeline(happenings: Any, label: str) -> SafeString:
    """Draw what happened and when, as ``Happening`` values in the order in which they are given."""
    return _drawn("timeline", happenings=list(happenings), label=label)


@register.simple_tag
def rows(pairs: Any) -> SafeString:
    """Draw terms with their values: pairs, or triples with a note."""
    drawn = [(*pair, "")[:3] for pair in pairs]
    return _drawn("rows", rows=drawn)


@register.simple_tag
def error_summary(source: Any) -> SafeString:
    """Say at the top of a page all that is wrong, from a form or from a list of ``Wrong``."""
    wrong = components.errors_of_form(source) if hasattr(source, "non_field_errors") else list(source)
    return _drawn("error_summary", wrong=wrong) if wrong else SafeString("")


@register.simple_tag
def field(bound: Any, hint: str = "") -> SafeString:
    """Draw a field of a form with its label, hint and errors; several boxes to tick are a group."""
    widget = bound.field.widget
    kind = {"select": "form-select", "checkbox": "form-check-input"}.get(
        getattr(widget, "input_type", ""), "form-control"
    )
    hint = hint or bound.help_text
    name = bound.auto_id or bound.html_name
    if getattr(widget, "allow_multiple_selected", False) and widget.input_type == "checkbox":
        widget.attrs["class"] = kind
        return _drawn("field_choices", field=bound, name=name, hint=hint)
    described = [f"{name}_hint"] * bool(hint) + [f"{name}_error"] * bool(bound.errors)
    attributes = {"class": kind + (" is-invalid" if bound.errors else "")}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return _drawn(
        "field",
        field=bound,
        name=name,
        control=bound.as_widget(attrs=attributes),
        hint=hint,
        is_checkbox=kind == "form-check-input",
    )


@register.simple_tag
def upload_report(remarks: Any, total: int | None = None, file: str = "") -> SafeString:
    """Draw all remarks on a file: where, what is wrong, what is allowed; ``file`` tells several apart."""
    remarks = list(remarks)
    return _drawn("upload_report", remarks=remarks, total=len(remarks) if total is None else total, file=file)


@register.simple_tag
def log_rows(entries: Any) -> SafeString:
    """Draw the lines of a log, to stand in a ``table_frame``."""
    return _drawn("log_rows", entries=list(entries))


@register.simple_block_tag(takes_context=True)
def table_frame(
    context: Context, content: str, caption: str, page: Page | None = None, stacking: bool = True
) -> SafeString:
    """Draw a table with a sticky head; ``page`` adds what is shown of how many and the way to other pages.

    Inside stand ``<thead>`` and ``<tbody>``. On a phone a row becomes a card (a cell's ``data-beside`` names
    it there), unless ``stacking`` is off: then the table scrolls.
    """
    links = _page_links(_query(context), page) if page is not None else []
    return _drawn("table_frame", content=content, caption=caption, page=page, links=links, stacking=stacking)


@register.simple_tag(takes_context=True)
def heading(
    context: Context, name: str, sort: str = "", numeric: bool = False, *, silent: bool = False
) -> SafeString:
    """Draw a column's head; with ``sort`` it is a link that sorts by it; ``silent`` is for the ear only."""
    query = _query(context)
    wanted, now = components.sorting(query.get("sort", ""), sort) if sort else ("", "")
    href = components.address_with(query, sort=wanted) if sort else ""
    return _drawn("heading", name=name, href=href, now=now, numeric=numeric, silent=silent)


@register.simple_tag(takes_context=True)
def chip(  # noqa: PLR0913 (one filter, as templates say it)
    context: Context,
    name: str,
    param: str,
    value: str = "",
    count: int | None = None,
    *,
    on: bool | None = None,
) -> SafeString:
    """Draw a filter as a link; it is on when the address, or ``on``, says so; an empty ``value`` is «все»."""
    query = _query(context)
    return _drawn(
        "chip",
        name=name,
        count=count,
        href=components.address_with(query, **{param: value}),
        is_current=query.get(param, "") == str(value) if on is None else on,
    )


@register.simple_tag(takes_context=True)
def kept_filters(context: Context, *changed: str) -> SafeString:
    """Write the address's other parameters as hidden fields, so that a search form keeps the filters."""
    kept = [(name, value) for name, value in _query(context).items() if name not in ("page", *changed)]
    return _drawn("kept_filters", kept=kept)


def _page_links(query: QueryDict, page: Page) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "href": components.address_with(query, page=number) if number else "",
            "is_current": number == page.number,
        }
        for number in components.pages_around(page.number, page.paginator.num_pages)
    ]
