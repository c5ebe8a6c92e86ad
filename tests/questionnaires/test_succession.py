"""Scores of two years are compared only where somebody said, item by item, that they mean the same."""

import pytest

from opora.questionnaires.editions import FormError, load, mapped
from opora.questionnaires.reading import read_form
from opora.questionnaires.succession import read_succession
from opora.questionnaires.table import as_table
from tests.questionnaires.drawn import TEXT, trial

OLD = trial()
NEW = read_form(
    TEXT.replace("trial-2026", "trial-2027")
    .replace("name: clear", "name: clarity")
    .replace("Понятно?", "Понятно ли объясняют?")
    .replace("field: clear,", "field: clarity,")
    .replace("      - name: part\n        type: share", "      - name: part_now\n        type: count")
    .replace("most: 30", "most: 40"),
    "new.yaml",
)
SAID = """
older: trial-2026
newer: trial-2027
items:
  clear: {how: reworded, became: clarity, because: {ru: сказано точнее, en: said more exactly}}
  why: same
  noise_from: same
  days: same
  help: same
  missed: {how: incomparable, because: {ru: другая граница, en: another bound}}
  part: gone
"""


def succession(old="", new=""):
    assert old in SAID
    return read_succession(SAID.replace(old, new, 1), "way.yaml", OLD, NEW)


def test_what_is_the_same_or_only_reworded_is_compared():
    """Тот же вопрос и вопрос, сказанный иначе, сравнимы; другой и исчезнувший — нет."""
    way = succession()
    assert way.comparable == {
        "clarity": "clear", "why": "why", "days.calm": "days.calm", "days.kind": "days.kind",
        "help.home": "help.home", "help.school": "help.school", "help.friend": "help.friend",
    }  # fmt: skip
    assert way.added == ("part_now",)
    assert way.may_compare(["clarity", "help.home"]) and not way.may_compare(["clarity", "missed"])
    assert way.steps[0].because["en"] == "said more exactly"


def test_answers_of_the_older_year_get_the_columns_of_the_newer():
    """Несравнимое в таблице прежнего года пусто, а не похоже на ответ."""
    table = as_table(OLD, [("1", {"clear": 3, "missed": 7, "part": 40, "days.calm": 2, "help": ["home"]})])
    row = succession().as_newer(table).row(0, named=True)
    assert row == {
        "school": "1", "clarity": 3, "why": None, "days.calm": 2, "days.kind": None, "help.home": 1,
        "help.school": 0, "help.friend": 0, "missed": None, "part_now": None,
    }  # fmt: skip
    assert succession().as_newer(table).schema == as_table(NEW, []).schema


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  why: same", "  wyh: same", "why"),
        ("became: clarity", "became: clarty", "clarity"),
        ("  part: gone\n", "", "part"),
        ("  part: gone", "  part: {how: reworded, became: part_now}", "сравнить их нельзя"),
        ("{how: incomparable,", "{how: same,", "сравнить их нельзя"),
        ("how: reworded", "how: same", "reworded"),
        ("why: same", "why: {how: incomparable, became: clarity}", "преемник"),
        ("part: gone", "part: {how: gone, became: part_now}", "лишнее"),
        ("part: gone", "part: vanished", "gone"),
        ("older: trial-2026", "older: trial-2025", "trial-2026"),
    ],
)
def test_a_name_that_does_not_exist_and_a_claim_that_does_not_hold_are_told(old, new, said):
    """Названо, чего нет, или объявлено тем же то, что отвечают по-разному, — сказано где и почему."""
    with pytest.raises(FormError) as refused:
        succession(old, new)
    assert any(said in fault and "way.yaml" in fault for fault in refused.value.faults), refused.value.faults


def test_a_question_that_was_turned_round_is_not_compared():
    """Вопрос стал обратным: прежние баллы значат противоположное."""
    turned = read_form(TEXT.replace("name: days\n", "name: days\n        reversed: true\n"), "new.yaml")
    way = SAID.replace("trial-2027", "trial-2026").replace("became: clarity", "became: clear")
    with pytest.raises(FormError, match="days"):
        read_succession(way.replace("how: incomparable", "how: same"), "way.yaml", OLD, turned)


def test_all_faults_are_told_at_once():
    with pytest.raises(FormError) as refused:
        read_succession(SAID.replace("why:", "wyh:").replace("gone", "gon"), "way.yaml", OLD, NEW)
    assert len(refused.value.faults) == 3


@pytest.mark.parametrize("text", ["", "- 1", "older: [", "\x00"])
def test_what_says_nothing_is_refused_in_words(text):
    with pytest.raises(FormError, match=r"way\.yaml"):
        read_succession(text, "way.yaml", OLD, NEW)


def test_a_form_compares_with_itself():
    form = load("teacher-2026")
    assert set(mapped(form, form).comparable) == {f.name for f in form.fields.values() if f.kind != "text"}


def test_years_are_not_compared_until_somebody_says_how(tmp_path):
    """Пока не сказано, что стало с вопросами, сравнить годы нельзя."""
    with pytest.raises(FormError, match="trial-2026--trial-2027"):
        mapped(OLD, NEW, tmp_path)
    (tmp_path / "trial-2026--trial-2027.yaml").write_text(SAID, encoding="utf-8")
    assert mapped(OLD, NEW, tmp_path).added == ("part_now",)
