"""Ни имени, ни номера документа не остаётся: ни в итоге чтения, ни в замечаниях, ни в исключениях."""

import gc
import io
import logging
import pickle
import traceback

import pytest

from opora.results.readers import read
from opora.results.readers.together import read_together
from opora.results.reading import Context
from tests.results import formats
from tests.results.formats import PERSON, tail

SECRETS = (*PERSON[:3], "4512", "987654", "4512987654", "4512 987654", "50713")
TITLE = "12 - Обществознание 2021.06.15"
CHANGED = (111002, "4512 987654", "Апелляция удовлетворена", "05.07.2021", 41, 22, 42)
UNMET = (111002, "4512 987655", "Апелляция удовлетворена", "05.07.2021", 41, 22, 42)


def protocol(*pupils):
    return formats.xlsx(formats.ris_rows(TITLE, pupils, "Балл", tail(len(pupils), 42)))


FILES = {
    "protocol": (protocol((111002, 11, "987654", 21, 41)), "x"),
    "protocol with errors": (
        protocol((111002, 11, "987654", "987654", PERSON[0]), ("", 11, "987654", 1, 2)),
        "x",
    ),
    "the same person twice": (protocol((111002, 11, "987654", 1, 2), (111002, 11, "987654", 3, 4)), "x"),
    "columns slipped": (protocol((PERSON[0], PERSON[1], "987654", "4512", "987654")), "x"),
    "appeals alone": (formats.xlsx(formats.appeal_rows(TITLE, [CHANGED])), "x"),
    "export": (formats.text(formats.oge_export_rows([(111002, "987654", 20, 3)])), "ОГЭ 2022 русский"),
    "export with errors": (
        formats.text(formats.oge_export_rows([(PERSON[0], "987654", PERSON[0], 9)])),
        "ОГЭ 2022 русский",
    ),
    "codes of pupils": (
        formats.xlsx(formats.vpr_2021_rows([("sch224208", "5А", 50713, [1, 1, 1], 3)] * 2)),
        "математика 5 класс",
    ),
    "a name in the place of points": (
        formats.xlsx(
            formats.vpr_2020_rows([(PERSON[0], PERSON[1], 50713, [PERSON[0], "4512", 1], PERSON[2])])
        ),
        "Mat5",
    ),
}


def everything(reading):
    frames = (reading.outcomes, reading.indicators)
    texts = [repr(reading), str(reading.problems), str(reading.notes), str(reading.skipped)]
    texts += [str(frame.rows()) + str(frame.schema) for frame in frames]
    return "\n".join(texts) + pickle.dumps(reading).decode("utf-8", "replace")


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_a_person_outlives_the_reading(name, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    data, file = FILES[name]
    reading = read(data, Context(file))
    said = everything(reading) + caplog.text + "".join(capsys.readouterr())
    assert [secret for secret in SECRETS if secret in said] == []


def test_nothing_of_a_person_outlives_a_batch_with_appeals():
    files = [(protocol((111002, 11, "987654", 21, 41)), Context("x"))]
    files.append((formats.xlsx(formats.appeal_rows(TITLE, [CHANGED, UNMET])), Context("y")))
    readings = read_together(files)
    said = "".join(map(everything, readings))
    assert [secret for secret in SECRETS if secret in said] == []
    assert [len(reading.problems) for reading in readings] == [0, 1]


def test_digests_of_a_batch_are_forgotten_and_salted_anew():
    from opora.results.readers.appeals import Appeals

    keys = [Appeals()._key(("x",), "111002", "4512987654") for _ in range(2)]
    assert keys[0] != keys[1]
    test_nothing_of_a_person_outlives_a_batch_with_appeals()
    gc.collect()
    assert not [one for one in gc.get_objects() if type(one) is Appeals]


def test_a_fault_inside_a_reader_shows_no_row(monkeypatch):
    """Даже если читатель сломается, в трассировке нет значений строки."""
    from opora.results.readers import ris_protocol

    def broken(*_arguments):
        raise RuntimeError("сбой")

    monkeypatch.setattr(ris_protocol, "school_code", broken)
    stream = io.StringIO()
    try:
        read(FILES["protocol"][0], Context("x"))
    except RuntimeError:
        traceback.print_exc(file=stream)
    assert "сбой" in stream.getvalue()
    assert [secret for secret in SECRETS if secret in stream.getvalue()] == []


def test_the_remembered_top_of_a_sheet_is_gone_with_the_sheet():
    from opora.results.readers import headings

    test_nothing_of_a_person_outlives_a_batch_with_appeals()
    gc.collect()
    assert len(headings._tops) == 0
