"""Which PostgreSQL is found, which is passed over, and what is said of it."""

import pytest

from opora.config.postgres import binaries
from opora.config.postgres.binaries import EXTENSIONS, Installation, installations
from opora.lib.spoken import Refused
from tests.config.conftest import installation_of, script


def fake(folder, version="17.2", extensions=EXTENSIONS):
    """Make an installation that only tells its version."""
    script(folder / "bin/postgres", f"echo 'postgres (PostgreSQL) {version} (Fake)'")
    script(folder / "bin/initdb", "exit 1")
    controls = folder / "share/extension"
    controls.mkdir(parents=True)
    for name in ("plpgsql", *extensions):
        (controls / f"{name}.control").touch()
    return folder / "bin"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Pretend that this machine's systems keep PostgreSQL under ``tmp_path/*`` and that there is no wheel."""
    monkeypatch.setattr(binaries, "PLACES", (f"{tmp_path}/system/*/bin",))
    monkeypatch.setattr(binaries, "wheel_folders", lambda: iter([tmp_path / "wheel/bin"]))
    return tmp_path


def found(**environ):
    """List the found installations as kind and major version."""
    return [(one.kind, one.major) for one in installations({"PATH": "", **environ})]


def test_a_system_installation_goes_before_the_wheel_and_the_newest_before_the_rest(machine):
    """Системный PostgreSQL раньше wheel; из нескольких — новейший."""
    fake(machine / "system/a", "16.9")
    fake(machine / "system/b", "17.1")
    fake(machine / "wheel", "18.6")
    assert found() == [("system", 17), ("system", 16), ("wheel", 18)]


def test_the_one_that_is_named_is_the_only_one(machine):
    """OPORA_PG_BIN решает, что бы ещё ни стояло."""
    fake(machine / "system/a", "17.1")
    named = fake(machine / "named", "15.0")
    assert found(OPORA_PG_BIN=str(named)) == [("given", 15)]


@pytest.mark.parametrize(
    ("version", "usable"),
    [("15.0", True), ("15.18 (Debian 15.18-0)", True), ("14.9", False), ("9.6.24", False), ("19beta1", True)],
)
def test_fifteen_is_the_oldest(machine, version, usable):
    """Пятнадцатая версия годится, четырнадцатая — нет."""
    named = fake(machine / "named", version)
    if usable:
        assert found(OPORA_PG_BIN=str(named))
    else:
        with pytest.raises(Refused, match="а нужен 15 или новее"):
            found(OPORA_PG_BIN=str(named))


def test_a_folder_without_programs_is_refused_by_name(machine):
    """Названа не та папка: фраза говорит, какую указать."""
    with pytest.raises(Refused, match=r"OPORA_PG_BIN указывает на .*нет работающих программ.*папку bin"):
        found(OPORA_PG_BIN=str(machine))


def test_a_program_that_does_not_run_is_no_installation(machine):
    """postgres без нужных библиотек или для другого процессора не считается."""
    named = fake(machine / "named")
    script(named / "postgres", "exit 127")
    with pytest.raises(Refused, match="нет работающих программ"):
        found(OPORA_PG_BIN=str(named))


def test_without_contrib_the_next_one_is_taken(machine):
    """Система без contrib пропущена, взята сборка wheel."""
    fake(machine / "system/a", "17.1", extensions=["unaccent"])
    fake(machine / "wheel", "18.6")
    assert found() == [("wheel", 18)]


def test_when_none_will_do_the_sentence_says_why_each_was_passed_over(machine):
    """Ничего не подошло: одна фраза — что поставить и чем плохо найденное."""
    fake(machine / "system/a", "13.4")
    fake(machine / "system/b", "16.1", extensions=[])
    with pytest.raises(Refused) as refusal:
        found()
    said = str(refusal.value)
    assert said.startswith("Не найден PostgreSQL 15 или новее: поставьте его")
    assert f"{machine}/system/a/bin: это PostgreSQL 13.4, а нужен 15 или новее" in said
    assert f"{machine}/system/b/bin: нет расширений pg_trgm, unaccent, btree_gist" in said


def test_when_there_is_nothing_at_all_the_sentence_says_what_to_do(machine):
    """Ничего нет: поставить, указать OPORA_PG_BIN или DATABASE_URL."""
    with pytest.raises(Refused, match=r"apt install postgresql.*OPORA_PG_BIN.*DATABASE_URL\.$"):
        found()


def test_one_installation_seen_in_two_places_counts_once(machine):
    """Ссылка в PATH и сама папка — одна установка."""
    folder = fake(machine / "system/a", "17.1")
    (machine / "links").mkdir()
    (machine / "links/postgres").symlink_to(folder / "postgres")
    assert found(PATH=f"{machine}/links") == [("system", 17)]


def test_pg_config_leads_to_its_installation(machine):
    """Нестандартное место находится через pg_config."""
    folder = fake(machine / "strange", "16.4")
    script(machine / "path/pg_config", f"echo {folder}")
    assert found(PATH=f"{machine}/path") == [("system", 16)]


@pytest.mark.parametrize("kind", ["system", "wheel"])
def test_both_kinds_are_found_on_a_real_machine(kind):
    """На этой машине есть и системный PostgreSQL, и сборка wheel, обе с contrib."""
    one = installation_of(kind)
    assert isinstance(one, Installation)
    assert one.major >= 15
    assert binaries.missing_extensions(one.bin, one.major) == []
