"""The demo's folder: made once, made again when half-made, never somebody else's."""

import multiprocessing
from dataclasses import replace

import pytest

from opora.demo.place import MARK, STAMP, DemoFolder, SignIn, Stamp, program
from opora.lib.spoken import Refused

STAMPED = Stamp(
    500, 300, program(), "пароль", (SignIn("куратор", "Циркулев Роман", "c@demo.opora.example", "школа"),)
)


@pytest.fixture
def folder(tmp_path) -> DemoFolder:
    """An empty place for a demo."""
    return DemoFolder(tmp_path / "demo")


def test_a_finished_demo_is_ready_and_says_who_signs_in(folder):
    """Готовая демонстрация помнит, кто в неё входит."""
    with folder.held():
        folder.finish(STAMPED)
    assert folder.ready(500, 300) == STAMPED


@pytest.mark.parametrize(("seed", "schools"), [(501, 300), (500, 12)])
def test_a_demo_of_another_seed_or_size_is_not_ready(folder, seed, schools):
    """Просили другой регион — делается другой."""
    with folder.held():
        folder.finish(STAMPED)
    assert folder.ready(seed, schools) is None


def test_a_demo_of_another_program_is_not_ready(folder):
    """После обновления программы демонстрация делается заново."""
    with folder.held():
        folder.finish(replace(STAMPED, program="прежняя"))
    assert folder.ready(500, 300) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"seed": 500}', '{"seed": 500, "sign_ins": [{}]}', "\0"])
def test_a_spoilt_stamp_means_not_ready(folder, content):
    """Оборванная или чужая отметка — всё равно что её нет."""
    with folder.held():
        (folder.path / STAMP).write_text(content)
    assert folder.ready(500, 300) is None


def test_a_half_made_demo_is_emptied_whole(folder):
    """Прерванная на середине демонстрация убирается до последнего файла, кроме нашей метки."""
    with folder.held() as hold:
        hold.alone()
        (folder.files / "ВПР 2018").mkdir(parents=True)
        (folder.files / "ВПР 2018" / "файл.csv").write_text("полстроки")
        (folder.path / "secret_key").write_text("ключ")
        folder.finish(STAMPED)
        folder.empty()
    assert [path.name for path in folder.path.iterdir()] == [MARK]


def test_a_folder_with_somebody_elses_files_is_refused_and_left_alone(folder):
    """Папка с чужими файлами не трогается."""
    folder.path.mkdir()
    (folder.path / "диплом.docx").write_text("важное")
    with pytest.raises(Refused, match="не демонстрация"), folder.held():
        pass
    assert [path.name for path in folder.path.iterdir()] == ["диплом.docx"]


def test_a_file_in_the_place_of_the_folder_is_said_in_a_sentence(folder):
    """На месте папки лежит файл: об этом сказано словами."""
    folder.path.write_text("файл")
    with pytest.raises(Refused, match="нельзя писать"), folder.held():
        pass


def test_one_program_makes_a_demo_while_nobody_serves_it(folder):
    """Пока одни показывают, другие не переделывают; показывать вместе можно."""
    with folder.held() as first, folder.held() as second:
        first.shared()
        second.shared()
        with pytest.raises(Refused, match="уже открыта"):
            second.alone()


def test_nobody_serves_a_demo_that_is_being_made(folder):
    """Пока демонстрация делается, её не показывают."""
    with folder.held() as maker, folder.held() as guest:
        maker.alone()
        with pytest.raises(Refused, match="уже открыта"):
            guest.shared()
        maker.shared()
        guest.shared()


def hold_and_die(path, told) -> None:
    """Hold a folder alone in another process, and die by force while holding it."""
    import os
    import signal

    with DemoFolder(path).held() as hold:
        hold.alone()
        told.set()
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_maker_leaves_the_folder_free(folder):
    """Кто убит на середине, тот папку не держит."""
    context = multiprocessing.get_context("spawn")
    told = context.Event()
    maker = context.Process(target=hold_and_die, args=(folder.path, told))
    maker.start()
    maker.join(60)
    assert told.is_set()
    assert maker.exitcode == -9
    with folder.held() as hold:
        hold.alone()


def test_the_stamp_is_readable_by_its_owner_only(folder):
    """В отметке лежит пароль: читает её только хозяин папки."""
    with folder.held():
        folder.finish(STAMPED)
    assert (folder.path / STAMP).stat().st_mode & 0o077 == 0


def test_the_program_is_the_same_until_its_text_changes():
    """Отпечаток программы не меняется от запуска к запуску."""
    assert program() == program()
