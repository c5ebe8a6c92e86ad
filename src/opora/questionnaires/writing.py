"""Writes a questionnaire as the text that ``reading`` reads: the same questionnaire gives the same text."""

from typing import Any

import yaml

from opora.questionnaires.form import Condition, Every, Form, Item, Option, Page, Some, Test, Text
from opora.questionnaires.reading import SAID

WIDE = 1_000_000  # characters of a line: no text is broken


class _Dumper(yaml.SafeDumper):
    """Writes every text where it stands: the reader takes no references."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(form: Form) -> str:
    """Write a questionnaire as YAML; what a draft does not say is left out."""
    told = {
        "name": form.name,
        "year": form.year,
        "audience": form.audience,
        "grades": list(form.grades),
        "languages": list(form.languages),
        "status": form.status,
        **{name: _text(getattr(form, name)) for name in SAID},
        "minutes": form.minutes,
        "scales": {name: [_text(step) for step in scale.steps] for name, scale in form.scales.items()},
    }
    whole: dict[str, Any] = {name: one for name, one in told.items() if one or name == "year"}
    whole |= {"voluntary": form.voluntary, "anonymous": form.anonymous}
    whole["pages"] = [_page(page) for page in form.pages]
    return yaml.dump(whole, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDE)


def _text(text: Text) -> dict[str, str]:
    return dict(text)


def _page(page: Page) -> dict[str, Any]:
    told = {"title": _text(page.title), "text": _text(page.text)}
    return {name: one for name, one in told.items() if one} | {"items": [_item(item) for item in page.items]}


def _item(item: Item) -> dict[str, Any]:
    told = {
        "help": _text(item.help),
        "scale": item.scale.name if item.scale else "",
        "options": _options(item.options),
        "rows": _options(item.rows),
        "required": item.required,
        "dont_know": item.dont_know,
        "reversed": item.reversed,
    }
    found: dict[str, Any] = {"name": item.name, "type": item.kind, "text": _text(item.text)}
    found |= {name: one for name, one in told.items() if one}
    bounds = {"least": item.least, "most": item.most}
    found |= {name: one for name, one in bounds.items() if one is not None}
    return found | ({"asked_if": condition_data(item.asked_if)} if item.asked_if is not None else {})


def _options(options: tuple[Option, ...]) -> dict[str, dict[str, str]]:
    return {one.name: _text(one.text) for one in options}


def condition_data(condition: Condition) -> dict[str, Any]:
    """Write a condition as its keys and values."""
    match condition:
        case Every(parts):
            return {"all": [condition_data(part) for part in parts]}
        case Some(parts):
            return {"any": [condition_data(part) for part in parts]}
        case Test():
            bounds = {"at_least": condition.at_least, "at_most": condition.at_most}
            values = {"is": list(condition.values)} if condition.values else {}
            told = {name: value for name, value in bounds.items() if value is not None}
            return {"field": condition.field, **values, **told}
