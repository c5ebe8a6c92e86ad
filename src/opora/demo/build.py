"""Writes the whole demo region into a folder from one seed, and keeps the truth of it in memory only."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from opora.demo.broken_files import write_broken
from opora.demo.context_file import write_context
from opora.demo.exams import exams
from opora.demo.gia_files import (
    file_appeals,
    protocol,
    settle,
    write_appeals,
    write_dense_csv,
    write_dense_xlsx,
    write_sparse_xlsx,
)
from opora.demo.objectivity_files import under_control, write_controlled, write_markers
from opora.demo.region import MUNICIPALITIES, SCHOOLS, Municipality, Region, make_region
from opora.demo.registry_files import write_schools
from opora.demo.sittings import Sitting, counts, hold
from opora.demo.vpr_files import (
    slipped,
    write_autumn_2020,
    write_form_2021,
    write_protocol_2022,
    write_research_csv,
    write_school_form,
    write_statistics,
)

SEED = 500
YEARS = (2018, 2019)
Progress = Callable[[float], None]

VPR = [("vpr", subject, grade) for grade in (4, 5, 6) for subject in ("russian", "maths")]
OGE = [("oge", "russian", 9), ("oge", "maths", 9)]
EGE = [("ege", "russian", 11), ("ege", "maths_profile", 11), ("ege", "maths_basic", 11)]
CONTROLLED = ("maths", 6)  # of 2021
CHOSEN = [("ege", "social_studies", 11), ("ege", "english", 11)]  # written in cities only


@dataclass(frozen=True)
class Built:
    """What was written, and what is true of it.

    schools: the register; results: files of results in the order of import; broken: files with mistakes.
    truth: counts after appeals of everything that ``results`` hold, in the columns of ``OUTCOMES`` with
    ``school`` as the position in ``region.schools``. It is never written down.
    """

    folder: Path
    region: Region
    schools: Path
    results: tuple[Path, ...]
    broken: tuple[Path, ...]
    truth: pl.DataFrame


def build(
    folder: Path,
    seed: int = SEED,
    schools: int = SCHOOLS,
    municipalities: int = MUNICIPALITIES,
    progress: Progress = lambda done: None,
) -> Built:
    """Write the demo region; the same seed writes the same bytes."""
    region = make_region(seed, schools, municipalities)
    folder.mkdir(parents=True, exist_ok=True)
    write_schools(folder / "школы.xlsx", region)
    files: list[Path] = []
    truths: list[pl.DataFrame] = []
    steps = [*((_main_year, year) for year in YEARS), (_later_years, 2020)]
    for done, (step, year) in enumerate(steps, 1):
        written, true = step(folder, region, year)
        files += written
        truths.append(true)
        progress(done / len(steps))
    broken = write_broken(folder / "с ошибками", region)
    return Built(
        folder,
        region,
        folder / "школы.xlsx",
        tuple(files),
        tuple(broken),
        pl.concat(truths),
    )


def municipalities_of(schools: int) -> int:
    """Answer how many municipalities a region of so many schools has."""
    return max(3, min(MUNICIPALITIES, schools // 15))


def _main_year(folder: Path, region: Region, year: int) -> tuple[list[Path], pl.DataFrame]:
    """Write ВПР, ОГЭ and ЕГЭ of one of the years that the list rests on."""
    known = exams()
    held = {key: hold(region, known[key], year) for key in [*VPR, *OGE, *EGE, *CHOSEN]}
    files = _vpr(folder / f"ВПР {year}", region, [held[key] for key in VPR])
    files += _gia(folder / f"ОГЭ {year}", region, [held[key] for key in OGE])
    cities = [_of_cities(region, held[key]) for key in CHOSEN]
    files += _gia(folder / f"ЕГЭ {year}", region, [*(held[key] for key in EGE), *cities])
    true = [sitting for key, sitting in held.items() if key not in CHOSEN]
    return files, counts([*true, *cities])


def _vpr(folder: Path, region: Region, sittings: list[Sitting]) -> list[Path]:
    """Write ВПР of one year, a file a municipality."""
    folder.mkdir(exist_ok=True)
    files = []
    for place in region.municipalities:
        if not any(wrote(sitting, region.of(place)) for sitting in sittings):
            continue
        path = folder / f"ВПР {sittings[0].year} {place.msu} {place.centre}.csv"
        write_research_csv(path, region, place, sittings)
        files.append(path)
    return files


def _gia(folder: Path, region: Region, sittings: list[Sitting]) -> list[Path]:
    """Write protocols of one year, a file a municipality in one of four layouts, and appeals of some."""
    folder.mkdir(exist_ok=True)
    files = []
    for number, place in enumerate(region.municipalities):
        name = f"{folder.name} {place.msu}"
        protocols = [one for sitting in sittings if (one := protocol(region, place, sitting)).lines]
        if not protocols:
            continue
        layout = number % 4
        path = folder / f"{name}.{'csv' if layout in (0, 3) else 'xlsx'}"
        if layout in (0, 3):
            write_dense_csv(path, protocols, "cp1251" if layout == 0 else "utf-8-sig")
        else:
            (write_dense_xlsx if layout == 1 else write_sparse_xlsx)(path, protocols)
        files.append(path)
        filed = [(sitting, file_appeals(region, place, sitting)) for sitting in sittings]
        filed = [(sitting, appeals) for sitting, appeals in filed if appeals]
        if filed and layout != 3:
            write_appeals(folder / f"Апелляции {name}.xlsx", region, place, filed)
            files.append(folder / f"Апелляции {name}.xlsx")
            for sitting, appeals in filed:
                settle(sitting, appeals)
    return files


def wrote(sitting: Sitting, schools: list[int]) -> list[int]:
    """Answer those of the schools where somebody wrote: nobody makes a file of nothing."""
    return [s for s in schools if any(sitting.present[i] for i in sitting.rows(s))]


def _of_cities(region: Region, sitting: Sitting) -> Sitting:
    """Keep the pupils of city schools."""
    schools = [i for i, school in enumerate(region.schools) if school.urban]
    return sitting.of(schools)


def _later_years(folder: Path, region: Region, _year: int) -> tuple[list[Path], pl.DataFrame]:
    """Write a few files of each later form, so that every reader meets its files."""
    files: list[Path] = []
    truths: list[pl.DataFrame] = []
    for write in (_autumn_2020, _form_2021, _protocols_2022, _school_forms, _statistics):
        for path, sitting in write(folder, region):
            files.append(path)
            truths.append(counts([sitting], journal=write is not _statistics))
    (folder / "Контекст").mkdir(exist_ok=True)
    context = write_context(folder / "Контекст" / "Контекст школ 2019.xlsx", region, 2019)
    return [*files, *_objectivity(folder, region), context], pl.concat(truths)


def _objectivity(folder: Path, region: Region) -> list[Path]:
    """Write what offices say of objectivity: markers of 2019, the list of works under control of 2021."""
    (folder / "Маркеры").mkdir(exist_ok=True)
    (folder / "Под контролем").mkdir(exist_ok=True)
    return [
        write_markers(folder / "Маркеры", region, 2019),
        write_controlled(folder / "Под контролем", region, 2021, *CONTROLLED),
    ]


def _with_results(region: Region, sitting: Sitting, first: int, after: int) -> list[Municipality]:
    """Answer some of the municipalities, those where somebody wrote."""
    return [place for place in region.municipalities[first:after] if wrote(sitting, region.of(place))]


Written = list[tuple[Path, Sitting]]


def _autumn_2020(folder: Path, region: Region) -> Written:
    """Write autumn 2020 in two municipalities: grades 5 and 6 on the programmes of 4 and 5."""
    found = []
    (folder / "ВПР 2020").mkdir(exist_ok=True)
    for subject, programme in (("russian", 4), ("maths", 4), ("russian", 5), ("maths", 5)):
        sitting = hold(region, exams()["vpr", subject, programme], 2020, grade=programme + 1)
        for place in _with_results(region, sitting, 1, 3):
            path = write_autumn_2020(folder / "ВПР 2020", region, place, sitting)
            found.append((path, sitting.of(region.of(place))))
    return found


def _form_2021(folder: Path, region: Region) -> Written:
    """Write 2021 everywhere, in the first municipality as text; some schools write one work under control."""
    found = []
    (folder / "ВПР 2021").mkdir(exist_ok=True)
    for subject, grade in (("russian", 5), ("maths", 5), ("russian", 6), ("maths", 6)):
        watched = under_control(region) if (subject, grade) == CONTROLLED else ()
        sitting = hold(region, exams()["vpr", subject, grade], 2021, under_control=watched)
        for number, place in enumerate(_with_results(region, sitting, 0, len(region.municipalities))):
            here = sitting.of(region.of(place))
            path = write_form_2021(folder / "ВПР 2021", region, place, here, csv=number == 0)
            found.append((path, replace(here, present=here.present & ~slipped(here))))
    return found


def _protocols_2022(folder: Path, region: Region) -> Written:
    """Write the «Протокол» of 2022 for the first schools of three municipalities."""
    found = []
    (folder / "ВПР 2022").mkdir(exist_ok=True)
    for subject in ("russian", "maths"):
        sitting = hold(region, exams()["vpr", subject, 6], 2022)
        for place in region.municipalities[:3]:
            schools = wrote(sitting, region.of(place)[:3])
            if schools:
                path = write_protocol_2022(folder / "ВПР 2022", region, schools, sitting)
                found.append((path, sitting.of(schools)))
    return found


def _school_forms(folder: Path, region: Region) -> Written:
    """Write the form that a school keeps itself; history or biology falls to each school by lot."""
    found = []
    (folder / "Формы школ").mkdir(exist_ok=True)
    for subject, lots in (("russian", 1.0), ("maths", 1.0), ("history", 0.5), ("biology", 0.5)):
        sitting = hold(region, exams()["vpr", subject, 5], 2022, lots=lots)
        for place in region.municipalities[:6]:
            for position in wrote(sitting, region.of(place)[:2]):
                path = write_school_form(folder / "Формы школ", region.schools[position], position, sitting)
                found.append((path, sitting.of([position])))
    return found


def _statistics(folder: Path, region: Region) -> Written:
    """Write the reports of ФИС ОКО of 2023 for three municipalities."""
    found = []
    (folder / "ФИС ОКО 2023").mkdir(exist_ok=True)
    for subject in ("russian", "maths"):
        sitting = hold(region, exams()["vpr", subject, 5], 2023)
        for place in _with_results(region, sitting, 0, 3):
            path = write_statistics(folder / "ФИС ОКО 2023", region, place, sitting)
            found.append((path, sitting.of(region.of(place))))
    return found
