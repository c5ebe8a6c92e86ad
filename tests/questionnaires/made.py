"""Questionnaires made by Hypothesis: anything that a file may say, with conditions on what came before."""

import yaml
from hypothesis import strategies as st

from opora.questionnaires.form import AUDIENCES, ON_SCALE, TYPES
from opora.questionnaires.reading import STATUSES, read_form

LETTERS = "abcdxyzABZ_"
SIGNS = st.characters(
    min_codepoint=32, max_codepoint=0x4FF, exclude_characters="\x7f\x85", exclude_categories=("Cc",)
)
PLAIN = st.text(SIGNS, min_size=1, max_size=12)
ODD = st.sampled_from(
    ["=1+1", "#N/A", "_x0041_", "1", "TRUE", "${clear}", "«—»", "' \" <&>", "01", "1e5", "@x", "-"]
)
WORDS = (PLAIN | ODD).filter(lambda said: said.strip())
FLAGS = st.booleans()


@st.composite
def names(draw, taken, first=LETTERS):
    name = draw(st.sampled_from(first)) + draw(st.text(LETTERS + "019-", max_size=4))
    while name in taken or name == "dont_know":
        name += "q"
    taken.add(name)
    return name


def texts(languages):
    return st.fixed_dictionaries(dict.fromkeys(languages, WORDS))


@st.composite
def options(draw, languages, most=4):
    taken = set()
    return {
        draw(names(taken, LETTERS + "01")): draw(texts(languages))
        for _each in range(draw(st.integers(1, most)))
    }


@st.composite
def conditions(draw, fields, deep=2):
    """Draw a condition on fields that were asked before: (name, kind, least, most, options, «не знаю»)."""
    if deep and draw(FLAGS):
        parts = draw(st.lists(conditions(fields, deep - 1), max_size=3))
        return {draw(st.sampled_from(["all", "any"])): parts}
    name, kind, least, most, choice, dont_know = draw(st.sampled_from(fields))
    unsure = ["dont_know"] if dont_know and kind != "flag" else []
    if kind == "choice":
        return {
            "field": name,
            "is": draw(st.lists(st.sampled_from([*choice, *unsure]), min_size=1, max_size=3)),
        }
    values = st.integers(least, most)
    if draw(FLAGS):
        among = values | st.sampled_from(unsure) if unsure else values
        return {"field": name, "is": draw(st.lists(among, min_size=1, max_size=3))}
    ends = draw(st.sampled_from([("at_least",), ("at_most",), ("at_least", "at_most")]))
    return {"field": name} | {end: draw(values) for end in ends}


@st.composite
def items(draw, languages, scales, taken, fields):
    kind = draw(st.sampled_from(TYPES))
    item = {"name": draw(names(taken)), "type": kind, "text": draw(texts(languages))}
    if draw(FLAGS):
        item["help"] = draw(texts(languages))
    item |= {mark: True for mark in ("required", "dont_know", "reversed") if draw(FLAGS)}
    if kind in ON_SCALE:
        item["scale"] = draw(st.sampled_from(sorted(scales)))
    if kind == "matrix":
        item["rows"] = draw(options(languages))
    if kind in ("choice", "choices"):
        item["options"] = draw(options(languages))
    if kind in ("count", "share", "choices"):
        top = len(item["options"]) if kind == "choices" else 100
        low, high = sorted(draw(st.tuples(st.integers(0, top), st.integers(0, top))))
        item |= {end: value for end, value in (("least", low), ("most", high)) if draw(FLAGS)}
    if fields and draw(FLAGS):
        item["asked_if"] = draw(conditions(fields))
    fields += list(_fields(item, scales))
    return item


def _fields(item, scales):
    name, kind, unsure = item["name"], item["type"], "dont_know" in item
    if kind in ON_SCALE:
        top = len(scales[item["scale"]])
        for row in item.get("rows", {"": ""}):
            yield f"{name}.{row}" if row else name, "scale", 1, top, (), unsure
    elif kind == "choices":
        for option in item["options"]:
            yield f"{name}.{option}", "flag", 0, 1, (), unsure
    elif kind == "choice":
        yield name, "choice", 0, 0, tuple(item["options"]), unsure
    elif kind != "text":
        top = 100 if kind == "share" else 50
        low = item.get("least", 0)
        yield name, "number", low, max(low, item.get("most", top)), (), unsure


@st.composite
def forms(draw):
    """Draw a questionnaire."""
    languages = draw(st.sampled_from([["ru"], ["ru", "en"], ["en", "ru"], ["ru", "tt", "en"]]))
    said = texts(languages)
    scales_taken: set[str] = set()
    scales = {
        draw(names(scales_taken)): draw(st.lists(said, min_size=2, max_size=4))
        for _each in range(draw(st.integers(1, 2)))
    }
    taken: set[str] = set()
    fields: list[tuple] = []
    pages = []
    for _page in range(draw(st.integers(1, 2))):
        page = {
            "title": draw(said),
            "items": [draw(items(languages, scales, taken, fields)) for _each in range(3)],
        }
        pages.append(page | ({"text": draw(said)} if draw(FLAGS) else {}))
    whole = {
        "name": draw(names(set())),
        "year": draw(st.integers(2000, 2100)),
        "audience": draw(st.sampled_from(AUDIENCES)),
        "grades": draw(st.lists(st.integers(1, 11), max_size=2)),
        "languages": languages,
        "status": draw(st.sampled_from(STATUSES)),
        **{key: draw(said) for key in ("title", "introduction", "purpose", "legal_basis", "used_by")},
        "minutes": draw(st.integers(1, 30)),
        "voluntary": draw(FLAGS),
        "anonymous": draw(FLAGS),
        "scales": scales,
        "pages": pages,
    }
    return read_form(yaml.safe_dump(whole, allow_unicode=True, width=10_000), "made.yaml")
