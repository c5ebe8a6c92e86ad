"""What a sheet says and lacks, on drawn tables."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.methodology.marked import Words
from opora.methodology.quality.checklist import ANSWERS, LEVELS, Checklist, Criterion, Section
from opora.methodology.quality.judging import (
    Answer,
    Finding,
    Lack,
    Lacking,
    Standing,
    differing,
    fulfilment,
    lacks_of_check,
    lacks_of_school,
    spread,
    standing_of,
    to_repair,
    unplanned,
)
from tests.methodology.drawn import rows

SOME, EVERY = dict.fromkeys(LEVELS, Words("да")), dict.fromkeys(ANSWERS, Words("да"))


def criterion(name, weight=1, fact="", levels=EVERY):
    return Criterion(name, Words("?"), Words("чем"), levels, Words("мера"), weight, fact)


def checklist(*sections):
    told = tuple(Section(name, Words(name), criteria) for name, *criteria in ((n, *c) for n, c in sections))
    told = tuple(Section(one.name, one.title, tuple(one.criteria)) for one in told)
    return Checklist("own", Words("Свой"), date(2026, 1, 1), "Opora default", "opora", 30, told, "")


OWN = checklist(
    ("rules", (criterion("a"), criterion("b"), criterion("c"))),
    ("marks", (criterion("d", weight=3, fact="journal"), criterion("e"))),
)


def levels(text):
    """Read «a yes, b no» as levels."""
    return dict(one.split() for one in text.split(",") if one.strip())


@pytest.mark.parametrize("line", rows("""
    said                         | section | met | partly | unmet | other | missing | share
    a yes, b yes, c no           | rules   | 2   | 0      | 1     | 0     | 0       | 0.6667
    a yes, b partly              | rules   | 1   | 1      | 0     | 0     | 1       | 0.5
    a not_applicable             | rules   | 0   | 0      | 0     | 1     | 2       |
                                 | rules   | 0   | 0      | 0     | 0     | 3       |
    d yes, e no                  | marks   | 1   | 0      | 1     | 0     | 0       | 0.75
    d no, e yes                  | marks   | 1   | 0      | 1     | 0     | 0       | 0.25
    a yes, b no, d yes           |         | 2   | 0      | 1     | 0     | 2       | 0.8
    a yes, b not_applicable, x yes |       | 1   | 0      | 0     | 1     | 3       | 1
"""), ids=lambda line: line["said"] or "ничего")  # fmt: skip
def test_a_share_is_of_what_is_answered_and_concerns_the_school(line):
    """Неприменимое не считается, неотвеченное названо и не считается как «нет», вес учтён."""
    (told,) = [
        one for one in fulfilment(levels(line["said"] or ""), OWN) if one.section == (line["section"] or "")
    ]
    counts = (told.met, told.partly, told.unmet, told.not_applicable, told.missing)
    assert counts == tuple(int(line[name]) for name in ("met", "partly", "unmet", "other", "missing"))
    expected = None if line["share"] is None else pytest.approx(float(line["share"]), abs=1e-4)
    assert told.share == expected


@given(st.dictionaries(st.sampled_from("abcde"), st.sampled_from([*ANSWERS, ""])))
def test_sections_add_up_to_the_whole_and_every_criterion_is_somewhere(said):
    *sections, whole = fulfilment(said, OWN)
    for name in ("met", "partly", "unmet", "not_applicable", "missing"):
        assert sum(getattr(one, name) for one in sections) == getattr(whole, name)
    assert whole.judged + whole.not_applicable + whole.missing == 5
    assert whole.share is None or 0 <= whole.share <= 1


@pytest.mark.parametrize("line", rows("""
    level          | words | title     | link      | facts   | lacks
                   |       |           |           |         | level
    yes            |       |           |           |         | proof
    partly         |       |           |           |         | proof
    yes            | так   |           |           |         |
    yes            |       | Положение |           |         |
    yes            |       |           | https://x |         |
    no             |       |           |           |         |
    not_applicable |       |           |           |         | why
    not_applicable | нет 9 |           |           |         |
    not_applicable |       | Положение |           |         | why
    yes            |       |           |           | journal |
    yes            |       |           |           | signs   | proof
    maybe          | так   |           |           |         | level
"""))  # fmt: skip
def test_a_school_proves_what_it_says_and_what_is_known_is_not_asked_again(line):
    """«Да» и «частично» подтверждают, «не применимо» объясняют, известное второй раз не спрашивают."""
    said = {name: Answer("no") for name in "abce"}
    said["d"] = Answer(line["level"] or "", line["words"] or "", line["title"] or "", "", line["link"] or "")
    found = lacks_of_school(said, OWN, {line["facts"]} if line["facts"] else ())
    assert found == ([Lack(Lacking(line["lacks"]), "d")] if line["lacks"] else [])


def test_a_level_that_the_criterion_does_not_have_is_none():
    """У критерия без «не применимо» такой ответ не принимается."""
    own = checklist(("rules", (criterion("a", levels=SOME),)))
    assert lacks_of_school({"a": Answer("not_applicable", "почему")}, own) == [Lack(Lacking.LEVEL, "a")]


@pytest.mark.parametrize("line", rows("""
    said | found  | reason | lacks
    yes  | yes    |        |
    yes  | partly |        | reason
    yes  | partly | видели |
    yes  |        | видели | level
         | no     |        | reason
         | no     | молчат |
"""))  # fmt: skip
def test_the_municipality_says_every_level_and_why_it_differs(line):
    """Каждый критерий проверен; другой уровень — с причиной; молчавшую школу проверяют с причиной."""
    own = checklist(("rules", (criterion("a"),)))
    findings = {"a": Finding(line["found"] or "", line["reason"] or "")}
    found = lacks_of_check(findings, {"a": line["said"]} if line["said"] else {}, own)
    assert found == ([Lack(Lacking(line["lacks"]), "a")] if line["lacks"] else [])


def test_sides_differ_only_where_both_have_spoken():
    findings = {"a": Finding("no"), "b": Finding("yes"), "c": Finding("no"), "d": Finding("")}
    assert differing(findings, {"a": "yes", "b": "yes", "d": "no"}) == ("a",)


def test_a_plan_holds_what_is_not_fulfilled_in_the_order_of_the_check_list():
    """«Нет» и «частично» требуют меры или объяснения."""
    said = levels("d no, a partly, b yes, c not_applicable")
    assert to_repair(said, OWN) == ("a", "d")
    assert unplanned(said, {"a"}, OWN) == ("d",) and unplanned(said, {"a", "d"}, OWN) == ()


@pytest.mark.parametrize("line", rows("""
    due        | done | today      | stands
    2026-03-01 | no   | 2026-02-28 | open
    2026-03-01 | no   | 2026-03-01 | open
    2026-03-01 | no   | 2026-03-02 | overdue
    2026-03-01 | yes  | 2026-03-02 | done
"""))  # fmt: skip
def test_a_repair_is_overdue_from_the_day_after_its_term(line):
    due, today = date.fromisoformat(line["due"]), date.fromisoformat(line["today"])
    assert standing_of(due, line["done"] == "yes", today) == Standing(line["stands"])


def test_many_sheets_are_counted_without_saying_whose():
    told = spread([levels("a yes, b no"), levels("a yes, c not_applicable, x yes"), {}], OWN)
    assert told["a"] == {"no": 0, "partly": 0, "yes": 2, "not_applicable": 0}
    assert told["b"]["no"] == 1 and told["c"]["not_applicable"] == 1 and "x" not in told
