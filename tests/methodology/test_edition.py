"""Editions are read strictly: every complaint names the file, the line and the nearest known word."""

from datetime import date
from decimal import Decimal

import pytest

from opora.methodology import edition
from opora.methodology.marked import read
from opora.methodology.parameters import STATUSES
from opora.methodology.wording import amount, branch_label, describe, exclusion_reason
from tests.methodology.conftest import edition_text

PLAIN = edition_text("low:\n  title: Перечень\n  rule: {failed: low_results, count: two}\n")


def line_of(text: str, piece: str) -> int:
    return next(i for i, line in enumerate(text.splitlines(), 1) if piece in line)


@pytest.mark.parametrize("name", edition.shipped())
def test_every_shipped_edition_is_whole(name):
    """Каждая редакция читается, говорит, что известно и чего не знает, и называет источник каждого числа."""
    found = edition.load(name)
    assert found.name == name
    assert found.known and found.unknown and found.lists
    assert found.status in STATUSES
    for words in (found.title, *found.known, *found.unknown, *(each.title for each in found.lists.values())):
        assert words.ru and words.en
    for parameter in found.parameters.values():
        assert parameter.meaning.ru and parameter.meaning.en
        assert all(value.source in found.sources for value in parameter.values)


def test_the_shipped_editions_are_these():
    assert edition.shipped() == (
        "federal-2021",
        "omsk-2025",
        "points-zones",
        "quantile-15",
        "seed-2020",
        "three-lists",
    )


@pytest.mark.parametrize("name", [n for n in edition.shipped() if n != "seed-2020"])
def test_only_the_2020_rule_is_official_text(name):
    """То, что реконструировано или придумано нами, нигде не названо официальным текстом."""
    found = edition.load(name)
    statuses = {value.status for parameter in found.parameters.values() for value in parameter.values}
    assert "official text" not in {found.status, *statuses}


def test_the_2020_rule_holds_the_numbers_of_its_source(edition_2020):
    settled = edition_2020.settle()
    assert (settled["low_share"].value, settled["low_share"].comparison) == (Decimal("0.30"), "above")
    assert (settled["failed_indicators"].value, settled["failed_indicators"].source) == (Decimal(2), "s002")
    assert edition_2020.window.years == (2018, 2019)
    assert edition_2020.status == "official text"


def test_the_digest_is_of_the_text(edition_2020):
    changed = edition.parse(edition_2020.text + "# другое\n", "x.yaml")
    assert len(edition_2020.digest) == 64 and changed.digest != edition_2020.digest
    assert edition.parse(edition_2020.text, "x.yaml").digest == edition_2020.digest


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("window:", "windows:", "неизвестный ключ «windows»; возможно, «window»"),
        ("unit: share", "unit: shares", "неизвестное слово «shares»; возможно, «share»"),
        ("comparison: above", "comparison: abov", "возможно, «above»"),
        ("threshold: low_share", "treshold: low_share", "возможно, «threshold»"),
        ("threshold: low_share", "threshold: low_shar", "нет параметра «low_shar»; возможно, «low_share»"),
        ("threshold: low_share", "threshold: two", "измеряется в «indicators», а здесь нужно: share"),
        ("failed: low_results", "failed: low_result", "нет меры «low_result»; возможно, «low_results»"),
        ("failed: low_results", "faild: low_results", "неизвестного ключа «faild»; возможно, «failed»"),
        ("count: two", "count: 2", "нет параметра «2»"),
        ("count: two", "count: two, ties: all", "неизвестный ключ «ties»"),
        ("value: 0.30", "value: 1.30", "вне пределов 0–1"),
        ("value: 0.30", "value: .nan", "здесь нужно число"),
        ("value: 0.30", "value: 0.3000001", "не больше шести знаков"),
        ("value: 2", "value: 2.5", "должно быть целым"),
        ("from: 2000-01-01", "from: 2000", "здесь нужна дата"),
        ("source: opora", "source: opra", "возможно, «opora»"),
        ("status: Opora default", "status: official", "неизвестное слово «official»"),
        ("known: [известно]", "known: известно", "здесь нужен список"),
        ("in_force: 2018-01-01\n", "", "нет обязательного ключа «in_force»"),
        ("title: Перечень", "title: {en: List}", "нет обязательного ключа «ru»"),
        ("name: drawn\n", "name: drawn\nname: again\n", "ключ «name» повторяется"),
        ("name: drawn\n", "name: a/b\n", "допустимы буквы, цифры"),
        ("{years: [2018, 2019]}", "{years: [2018], last: two_years}", "одно из двух"),
        ("{failed: low_results, count: two}", "{all: []}", "хотя бы одно условие"),
        (
            "{failed: low_results, count: two}",
            "{failed: low_results, same: low_results, count: two}",
            "в одном условии два: failed, same",
        ),
        (
            "{failed: low_results, count: two}",
            "{any: [{id: a, same: low_results}, {id: a, same: low_results}]}",
            "id «a» повторяется",
        ),
    ],
)
def test_a_mistake_is_told_with_file_line_and_the_nearest_word(was, becomes, sentence):
    assert was in PLAIN
    text = PLAIN.replace(was, becomes, 1)
    with pytest.raises(edition.EditionError) as told:
        edition.parse(text, "region.yaml")
    message = str(told.value)
    assert sentence in message
    assert message.startswith("region.yaml, строка ")
    if becomes.strip() and "\n" not in becomes:
        assert f"строка {line_of(text, becomes)}:" in message


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "файл пуст"),
        ("name: [", "строка 1"),
        ("a: &x 1\nb: *x\n", "ссылки"),
        ("[" * 60 + "]" * 60, "слишком глубокая вложенность"),
        ("a: 1\n" * 300_000, "файл длиннее"),
        ("- a\n- b\n", "пары «ключ: значение»"),
        ("a: \x00", "это не YAML"),
    ],
)
def test_a_file_that_is_no_edition_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(edition.EditionError, match=sentence):
        edition.parse(text, "x.yaml")


def test_an_alias_bomb_is_refused_before_it_grows():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefg", "bcdefgh", strict=True)
    )
    with pytest.raises(edition.EditionError, match="строка 2: ссылки"):
        read(bomb, "x.yaml")


def test_an_edition_is_loaded_by_name_or_by_path(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("\ufeff" + PLAIN, encoding="utf-8")
    assert edition.load(mine).name == "drawn"
    assert edition.load("seed-2020") is edition.load("seed-2020")
    with pytest.raises(edition.EditionError, match="возможно, «seed-2020»"):
        edition.load("seed-2021")
    with pytest.raises(edition.EditionError, match="не читается"):
        edition.load(tmp_path / "none.yaml")
    mine.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(edition.EditionError, match="UTF-8"):
        edition.load(mine)


DATED = """
low_share:
  meaning: Доля
  unit: share
  values:
    - {from: 2020-01-01, until: 2020-12-31, value: 0.30, source: opora, status: reconstructed}
    - {from: 2021-01-01, value: 0.25, source: opora, status: reconstructed}
    - {from: 2029-01-01, value: 0.15, source: opora, status: reconstructed}
    - {from: 2021-06-01, value: 0.20, source: opora, status: reconstructed, territory: RU-AMU}
"""


@pytest.mark.parametrize(
    ("on", "territory", "value"),
    [
        (date(2020, 1, 1), "RU", "0.30"),
        (date(2020, 12, 31), "RU-AMU", "0.30"),
        (date(2021, 1, 1), "RU-AMU", "0.25"),
        (date(2021, 6, 1), "RU-AMU", "0.20"),
        (date(2030, 1, 1), "RU-AMU", "0.20"),
        (date(2028, 12, 31), "RU-PRI", "0.25"),
        (date(2030, 1, 1), "RU-PRI", "0.15"),
    ],
)
def test_the_regions_value_wins_and_the_federal_one_is_the_fallback(on, territory, value):
    """Значение региона сильнее федерального; до его начала действует федеральное."""
    from opora.methodology.parameters import read_parameters, shipped_sources

    parameter = read_parameters(read(DATED, "x.yaml"), shipped_sources())["low_share"]
    assert parameter.at(on, territory).value == Decimal(value)


def test_a_day_before_any_value_is_not_in_force(edition_2020):
    with pytest.raises(edition.NotInForce, match="2019-12-31"):
        edition_2020.settle(on=date(2019, 12, 31))


def test_a_regions_list_uses_the_regions_number(outcomes):
    from opora.methodology.identification import identify
    from tests.methodology.drawn import listed

    regional = "      - {from: 2000-01-01, value: 0.20, comparison: above, source: opora, "
    regional += "status: Opora default, territory: RU-AMU}\n"
    at = PLAIN.index("\n", PLAIN.index("value: 0.30")) + 1
    made = edition.parse(PLAIN[:at] + regional + PLAIN[at:], "x.yaml")
    table = outcomes("""
        school | subject | takers | low
        a      | maths   | 100    | 25
        a      | russian | 100    | 25
    """)
    assert listed(identify(table, made)) == ""
    assert listed(identify(table, made, territory="RU-AMU")) == "a"


@pytest.mark.parametrize("name", edition.shipped())
def test_an_edition_is_said_in_sentences_in_both_languages(name, monkeypatch):
    found = edition.load(name)
    russian = describe(found)
    assert russian.lists and all(tree.text for _n, _t, tree in russian.lists)
    for of, named in found.lists.items():
        assert branch_label(found, of, named.rule.path)
    monkeypatch.setenv("OPORA_LANG", "en")
    english = describe(found)
    assert english.title == found.title.en != russian.title
    said = [tree.text for _n, _t, tree in english.lists] + [english.window, english.status, *english.measures]
    said += [number.text for number in english.numbers] + [number.unit for number in english.numbers]
    assert not [text for text in said if any("а" <= c.lower() <= "я" for c in text)]


def test_a_branch_is_said_by_its_label_or_its_sentence(edition_2020):
    assert (
        branch_label(edition_2020, "low", "rule")
        == "неуспешных показателей за все годы окна вместе — не меньше 2"
    )
    federal = edition.load("federal-2021")
    assert branch_label(federal, "low", "rule.both_years") == "Процедура в каждом из двух лет"
    with pytest.raises(edition.EditionError, match="нет ветви"):
        branch_label(federal, "low", "rule.three")
    with pytest.raises(edition.EditionError, match="нет перечня"):
        branch_label(federal, "lo", "rule")


def test_numbers_are_written_the_way_people_do(edition_2020):
    settled = edition_2020.settle(changes={"low_share": "0.125"})
    assert amount(edition_2020.parameters["low_share"], settled["low_share"]) == "12,5 %"
    changed = next(row for row in describe(edition_2020, settled).numbers if row.name == "low_share")
    assert changed.status == "изменено для расчёта «что если»"


def test_every_reason_for_leaving_out_has_words():
    federal = edition.load("federal-2021")
    assert exclusion_reason(federal, "special_kinds").startswith("вечерние")
    for reason in ("no_takers", "few_takers", "small_cohort", "letter_unknown"):
        assert exclusion_reason(federal, reason) != reason


def test_a_list_has_a_kind_of_its_own():
    """Виды перечней: нуждаются в поддержке, группа риска, стабильно высокие; иной вид не принимается."""
    kinds = {name: one.kind for name, one in edition.load("three-lists").lists.items()}
    assert kinds == {"low": "low", "high": "high", "risk": "risk"}
    assert edition.load("seed-2020").lists["low"].kind == "low"
    text = edition.load("three-lists").text.replace("kind: risk", "kind: shame")
    with pytest.raises(edition.EditionError, match="shame"):
        edition.parse(text, "three-lists")
