"""The cluster's folder: whose turn it is, who uses it, where its socket may lie."""

import os
import threading

import pytest

from opora.config.postgres import folder as folders
from opora.config.postgres.folder import LONGEST_SOCKET, SOCKET_FILE, Folder, is_private
from opora.lib.spoken import Refused


@pytest.fixture
def folder(place):
    """Answer a folder that was made."""
    made = Folder(place / "pg")
    made.make()
    return made


def test_turns_are_taken_one_after_another(folder):
    """Пока один запускает базу, другой ждёт."""
    order = []

    def second():
        with folder.turn():
            order.append("second")

    with folder.turn():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


def test_it_is_used_until_the_last_user_leaves(folder):
    """Двое пользуются базой: она занята, пока не ушли оба."""
    assert not folder.is_used()
    one, two = folder.join(), folder.join()
    folder.leave(one)
    assert folder.is_used()
    folder.leave(two)
    assert not folder.is_used()


def test_a_short_path_keeps_its_socket_inside(folder):
    """Обычный путь: сокет в самой папке."""
    assert folder.socket() == folder.path / "socket"


@pytest.mark.parametrize("extra", range(-2, 3))
def test_the_limit_of_a_sockets_path_is_met_to_the_byte(place, extra):
    """Ровно предельная длина ещё годится, на байт длиннее — уже нет."""
    room = LONGEST_SOCKET - len(os.fsencode(place / "socket" / SOCKET_FILE)) - 1 + extra
    folder = Folder(place / ("x" * room))
    inside = folder.socket().is_relative_to(place)
    assert inside == (extra <= 0)
    assert len(os.fsencode(folder.socket() / SOCKET_FILE)) <= LONGEST_SOCKET


def test_a_russian_name_counts_in_bytes(place):
    """Русская буква — два байта."""
    assert Folder(place / ("я" * 30)).socket().is_relative_to(place) is True
    assert Folder(place / ("я" * 60)).socket().is_relative_to(place) is False


@pytest.fixture
def no_other_places(monkeypatch, place):
    """Let the folder for temporary files be ours, and no other place exist."""
    monkeypatch.setattr(folders.tempfile, "gettempdir", lambda: str(place))
    monkeypatch.setattr(folders, "is_private", lambda path: path.is_relative_to(place) and is_private(path))
    return place


def test_a_private_folder_that_somebody_else_could_enter_is_not_used(no_other_places):
    """Подложенная открытая папка не становится местом сокета."""
    deep = Folder(no_other_places / ("x" * 120))
    private = deep.socket().parent
    private.chmod(0o777)
    with pytest.raises(Refused, match="слишком длинен для сокета"):
        deep.socket()


def test_a_link_in_place_of_the_private_folder_is_not_followed(no_other_places):
    """Подложенная ссылка — тоже."""
    deep = Folder(no_other_places / ("x" * 120))
    private = deep.socket().parent
    private.rmdir()
    (no_other_places / "elsewhere").mkdir(mode=0o700)
    private.symlink_to(no_other_places / "elsewhere")
    with pytest.raises(Refused):
        deep.socket()


def test_what_stands_in_the_way_of_the_folder_is_said(place):
    """На месте папки файл: одна фраза."""
    (place / "pg").write_text("")
    with pytest.raises(Refused, match="нельзя писать"):
        Folder(place / "pg").make()
