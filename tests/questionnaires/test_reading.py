"""Questionnaires are read whole, or every fault of the file is told at once."""

import pytest

from opora.questionnaires.reading import FormError, read_form
from tests.questionnaires.drawn import TEXT, trial


def faults(old, new):
    assert old in TEXT
    with pytest.raises(FormError) as refused:
        read_form(TEXT.replace(old, new, 1), "trial.yaml")
    return refused.value.faults


def test_a_questionnaire_is_read():
    form = trial()
    assert (form.name, form.audience, form.minutes, form.grades) == ("trial-2026", "pupil", 3, (6,))
    assert list(form.items) == ["clear", "why", "noise_from", "days", "help", "missed", "part"]
    assert form.items["clear"].required and form.items["missed"].most == 30
    assert form.pages[1].text["en"] == "Think of the last week"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("type: agreement", "type: agreemnt", "agreement"),
        ("scale: agree\n", "scale: agrees\n", "agree"),
        ("en: Trial", "en: ''", "en"),
        (', en: "Clear?"}', "}", "en"),
        ("name: why", "name: clear", "clear"),
        ("field: why,", "field: days,", "days"),
        ("at_most: 2", "at_most: два", "число"),
        ("is: noise", "is: loud", "noise"),
        ("is: [1, 2]", "is: [1, 5]", "4"),
        ("help.home", "help.aunt", "help.aunt"),
        ("languages: [ru, en]", "languages: [en]", "ru"),
        ("voluntary: true", "voluntary: maybe", "true"),
        ("audience: pupil", "audience: children", "pupil"),
        ("fast: {ru", "dont_know: {ru", "dont_know"),
        ("asked_if: {field: why, is: noise}", "asked_if: {field: why}", "at_least"),
        ("most: 30", "mst: 30", "most"),
        ("most: 30", "least: -1", "не меньше 0"),
        ("most: 30", "least: 31\n        most: 30", "больше"),
        ("        most: 2\n", "        most: 4\n", "не больше 3"),
        ("home: {ru: дома", "ho.me: {ru: дома", "латинские"),
        ("calm: {ru", "c alm: {ru", "латинские"),
        ("name: clear", "name: 1clear", "латинские"),
        ("name: clear", "name: ясно", "латинские"),
        ("is: [1, 2]", "is: []", "is"),
        ("field: clear, at_most: 2", "field: clear, is: 1, at_most: 2", "is"),
        ("minutes: 3", "minutes: 0", "минут"),
        ("languages: [ru, en]", "languages: [ru, английский]", "код"),
        ("type: text\n", "type: text\n        scale: agree\n", "не бывает «scale»"),
        ("{field: missed, at_least: 5}", "{field: why, at_least: 1}", "номер"),
        ("{field: missed, at_least: 5}", "{field: noise_from, is: 0}", "словами"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_is_allowed(old, new, said):
    """О каждой ошибке сказано: файл, строка, что не так и что допустимо."""
    found = faults(old, new)
    assert "trial.yaml, строка" in found[0]
    assert any(said in fault for fault in found), found


def test_all_faults_are_told_at_once():
    """Три ошибки в файле — три сообщения за один раз."""
    broken = TEXT.replace("type: share", "type: part").replace("at_most: 2", "at_most: x")
    broken = broken.replace("{ru: дружно, en: kind}", "{ru: дружно}")
    with pytest.raises(FormError) as refused:
        read_form(broken, "trial.yaml")
    assert len([one for one in refused.value.faults if "допустимо: agreement" in one]) == 1
    assert len(refused.value.faults) >= 3


@pytest.mark.parametrize("text", ["", "- 1", "name: [", "name: &a x", "\x00", "a: " * 3000])
def test_what_is_no_questionnaire_is_refused_in_words(text):
    with pytest.raises(FormError) as refused:
        read_form(text, "trial.yaml")
    assert "trial.yaml" in str(refused.value)
