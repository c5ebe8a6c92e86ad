"""The one entry: it makes its own environment, once, whole, whoever calls it from wherever.

The script and the maker are the real ones; the requirements are empty and the program is a few lines. Where a
test is not about installing, the environment is made without pip and a stand-in of uv has nothing to do.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from uv import find_uv_bin

from tests.config.conftest import NOBODY, ROOT, plainly, script, until

PROGRAM = """
import os, sys
print("arguments", sys.argv[1:], "data", os.environ["OPORA_DATA"], "venv", sys.prefix)
"""
MAKING, WAITING = "Готовим среду", "Среду готовит другой запуск"


def checkout(folder, *, pip=False):
    """Lay out what the entry needs of a checkout."""
    (folder / "src/opora/config").mkdir(parents=True)
    shutil.copy(ROOT / "opora", folder / "opora")
    maker = (ROOT / "src/opora/config/own_environment.py").read_text()
    assert "with_pip=True" in maker
    if not pip:
        maker = maker.replace("with_pip=True", "with_pip=False")
        script(folder / "bin/uv", "exit 0")
    (folder / "src/opora/config/own_environment.py").write_text(maker)
    (folder / "src/opora/__main__.py").write_text(PROGRAM)
    (folder / "requirements.txt").write_text("# nothing\n")
    (folder / "requirements-dev.txt").write_text("# nothing more\n")
    return folder


def environ(folder, **more):
    """Answer an environment with the Python that runs the tests, and no other tools than the checkout's."""
    return {"PATH": f"{folder}/bin:/usr/bin:/bin", "OPORA_PYTHON": sys._base_executable, **more}


def call(entry, *words, cwd="/", **more):
    """Call the entry; answers its exit code and what it said."""
    done = subprocess.run(
        [str(entry), *words],
        cwd=cwd,
        env=environ(Path(cwd, entry).resolve().parent, **more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Answer a checkout, in a folder with a space and Russian letters, whose environment was made once."""
    folder = checkout(tmp_path_factory.mktemp("entry") / "Опора и пробел")
    code, out, error = call(folder / "opora", "первое слово", "--key")
    assert (code, MAKING in error) == (0, True), error
    assert f"venv {folder}/.venv" in out
    return folder


def test_arguments_pass_as_they_are_and_data_lie_beside_the_program(made):
    """Слова с пробелами и ключи доходят до программы, папка данных — рядом с программой."""
    code, out, error = call(made / "opora", "два слова", "--key=a b", "*")
    assert (code, error) == (0, "")
    assert "arguments ['два слова', '--key=a b', '*']" in out
    assert f"data {made}/data " in out


def test_a_named_data_folder_wins(made, tmp_path):
    """OPORA_DATA решает."""
    assert f"data {tmp_path} " in call(made / "opora", OPORA_DATA=str(tmp_path))[1]


@pytest.mark.parametrize("home", [None, "", "/nonexistent"])
def test_no_home_is_needed(made, home):
    """Домашней папки может не быть."""
    more = {} if home is None else {"HOME": home}
    assert call(made / "opora", **more)[0] == 0


def test_it_works_through_links_from_any_folder(made, tmp_path):
    """Ссылка на ссылку, относительная ссылка, вызов по имени через PATH."""
    (tmp_path / "one").symlink_to(made / "opora")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/two").symlink_to("../one")
    assert call(tmp_path / "inner/two")[0] == 0
    assert call("./one", cwd=tmp_path)[0] == 0
    code, out, _ = call("/bin/sh", "-c", "one x", PATH=f"{tmp_path}:/usr/bin:/bin")
    assert (code, "['x']" in out) == (0, True)


def test_engineers_requirements_serve_everybody_but_not_the_other_way_round(made):
    """Для test нужна полная среда; после неё простая команда ничего не переделывает."""
    assert MAKING in call(made / "opora", "test")[2]
    assert MAKING not in call(made / "opora", "demo")[2]
    assert MAKING not in call(made / "opora", "check")[2]


@pytest.mark.parametrize("harm", ["no stamp", "half a stamp", "other requirements", "no python", "moved"])
def test_an_environment_that_is_not_whole_is_made_anew(made, harm):
    """Обрыв, новые библиотеки, пропавший Python, перенесённая папка: среда делается заново."""
    stamp = made / ".venv/opora-stamp"
    text = stamp.read_text()
    if harm == "no stamp":
        stamp.unlink()
    elif harm == "half a stamp":
        stamp.write_text(text.splitlines()[0])
    elif harm == "other requirements":
        for name in ("requirements.txt", "requirements-dev.txt"):
            (made / name).write_text((made / name).read_text() + "# one more\n")
    elif harm == "no python":
        (made / ".venv/bin/python").unlink()
    else:
        stamp.write_text(text.replace(str(made), "/elsewhere"))
    code, _, error = call(made / "opora")
    assert (code, MAKING in error) == (0, True), error
    assert MAKING not in call(made / "opora")[2]


def test_two_first_calls_make_one_environment(tmp_path):
    """Два первых вызова разом: один готовит, другой ждёт, оба работают."""
    entry = checkout(tmp_path / "x") / "opora"
    both = [
        subprocess.Popen(
            [str(entry)], env=environ(entry.parent), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [one.communicate(timeout=120) for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert sum(MAKING in error for _, error in said) == 1


def test_a_killed_installation_is_done_again_after_its_installer_ended(tmp_path):
    """kill -9 посреди установки: следующий вызов дожидается брошенного установщика и делает всё заново."""
    folder = checkout(tmp_path / "x")
    script(folder / "bin/uv", f"touch {tmp_path}/begun; sleep 3; touch {tmp_path}/ended; exit 1")
    first = subprocess.Popen(
        [str(folder / "opora")], env=environ(folder), stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    assert until((tmp_path / "begun").exists, 60)
    maker = Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text().split()
    for pid in [*map(int, maker), first.pid]:
        os.kill(pid, signal.SIGKILL)
    first.wait()
    script(folder / "other/uv", "exit 0")
    code, _, error = call(folder / "opora", PATH=f"{folder}/other:/usr/bin:/bin")
    assert (tmp_path / "ended").exists()
    assert (code, WAITING in error, MAKING in error) == (0, True, True), error
    assert MAKING not in call(folder / "opora")[2]


def test_a_library_without_its_hash_is_not_installed(tmp_path):
    """Без хеша ничего не ставится; фраза вместо следа, код 2; исправили — работает."""
    folder = checkout(tmp_path / "x", pip=True)
    (folder / "requirements.txt").write_text("nothing-such==1.0\n")
    script(folder / "bin/uv", "exit 1")
    code, _, error = call(folder / "opora")
    assert code == 2
    assert "uv не справился, ставим через pip" in error
    assert "Не удалось поставить библиотеки" in error
    assert "Traceback" not in error
    (folder / "requirements.txt").write_text("# nothing\n")
    code, _, error = call(folder / "opora")
    assert (code, "uv не справился, ставим через pip" in error) == (0, True)


def library(folder):
    """Write a library of one module as a wheel; answers the line of requirements that names it."""
    folder.mkdir()
    path = folder / "probe-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as wheel:
        wheel.writestr("probe.py", "WORD = 'installed'\n")
        wheel.writestr("probe-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: probe\nVersion: 1.0\n")
        wheel.writestr(
            "probe-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        names = "probe.py,,\n" + "".join(
            f"probe-1.0.dist-info/{name},,\n" for name in ("METADATA", "WHEEL", "RECORD")
        )
        wheel.writestr("probe-1.0.dist-info/RECORD", names)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"probe @ {path.as_uri()} --hash=sha256:{digest}\n"


@pytest.mark.slow
def test_the_real_uv_installs_what_has_its_hash_and_nothing_else(tmp_path):
    """Настоящий uv: библиотека с верным хешем стоит и готова к чтению, с чужим — отказ одной фразой."""
    folder = checkout(tmp_path / "x", pip=True)
    (folder / "bin").mkdir()
    (folder / "bin/uv").symlink_to(find_uv_bin())
    (folder / "src/opora/__main__.py").write_text("import probe\nprint(probe.WORD, probe.__cached__)\n")
    lines = library(tmp_path / "wheels")
    (folder / "requirements.txt").write_text(lines)
    code, out, error = call(folder / "opora", HOME="/nonexistent", PYTHONDONTWRITEBYTECODE="1")
    assert (code, "uv не справился" in error) == (0, False), error
    word, compiled = out.split(maxsplit=1)
    assert (word, Path(compiled.strip()).exists()) == ("installed", True)
    (place,) = folder.glob(".venv/lib/python*/site-packages/probe-1.0.dist-info")
    assert (place / "INSTALLER").read_text() == "uv"

    (tmp_path / "home").mkdir()
    (folder / "requirements.txt").write_text(re.sub("sha256:.{8}", "sha256:01234567", lines))
    code, _, error = call(folder / "opora", HOME=str(tmp_path / "home"))
    assert (code, "Traceback" in error) == (2, False)
    assert "Не удалось поставить библиотеки" in error


def without_system_python(folder, **programs):
    """Let the entry see only the shell's tools and what is given."""
    entry = folder / "opora"
    entry.write_text(entry.read_text().replace(" python3 /usr/bin/python3;", " python3;"))
    tools = folder / "tools"
    for name in ("sh", "dirname", "readlink", "cksum", "printf"):
        tools.mkdir(exist_ok=True)
        (tools / name).symlink_to(shutil.which(name) or "/usr/bin/true")
    for name, text in programs.items():
        script(tools / name, text)
    return {"PATH": str(tools), "OPORA_PYTHON": ""}


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        (None, "Не найден Python 3.11 или новее: поставьте его"),
        ("exit 1", "Не найден Python 3.11 или новее: поставьте его"),  # too old, or a name without a program
        (
            'case "$*" in -V) echo Python 3.12.1;; *ensurepip*) exit 1;; esac',
            "В Python 3.12.1 нет модуля venv или ensurepip: поставьте его (Debian, Ubuntu: apt",
        ),
    ],
)
def test_what_is_wrong_with_python_is_said(tmp_path, python, sentence):
    """Нет Python, он стар или без venv: одна фраза, что поставить."""
    folder = checkout(tmp_path / "x")
    code, out, error = call(
        folder / "opora", **without_system_python(folder, **({"python3": python} if python else {}))
    )
    assert (code, out, len(error.splitlines())) == (2, "", 1)
    assert sentence in error


@pytest.mark.skipif("os.geteuid() != 0", reason="a plain user's own checkout can be written")
def test_a_checkout_that_cannot_be_written_is_said(tmp_path):
    """Чужая папка: одна фраза, код 2, а готовой средой пользуется каждый."""
    folder = checkout(tmp_path / "x")
    words = plainly([str(folder / "opora")])
    done = subprocess.run(words, env=environ(folder), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Не удалось создать среду" in done.stderr
    assert "Traceback" not in done.stderr
    assert call(folder / "opora")[0] == 0
    done = subprocess.run(words, env=environ(folder), capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif("os.geteuid() != 0", reason="we are a plain user: every other test here shows it")
def test_a_plain_user_makes_his_own_environment(place):
    """Обычный пользователь без домашней папки."""
    folder = checkout(place / "x")
    for path in [place, folder, *folder.rglob("*")]:
        os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)
    words = plainly([str(folder / "opora")])
    done = subprocess.run(
        words, env=environ(folder), capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, MAKING in done.stderr) == (0, True), done.stderr
    assert (folder / ".venv/opora-stamp").stat().st_uid == NOBODY.pw_uid
