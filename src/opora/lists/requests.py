"""What a person asks of the command line, checked before any work is done."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from opora.language import _
from opora.lib.spoken import Refused
from opora.lists.document import FORM
from opora.lists.inputs import FilesRefused
from opora.methodology import edition as editions
from opora.methodology.tables import TableMismatch
from opora.results.readers import mapping as mappings

OUTPUTS = (".json", ".csv", ".xlsx")
PARTS = {"form", "edition", "settings", "inputs", "mapping", "counts", "schools"}
SHOWN = 20  # problems printed on the screen


def mapping_and_edition(
    mapping_path: Path | None, edition_name: str | None
) -> tuple[mappings.Mapping | None, editions.Edition]:
    """Load both; an edition that the mapping names stands where none is asked for.

    Raises: Refused with one sentence.
    """
    try:
        mapping = mappings.load_mapping(mapping_path) if mapping_path else None
        if edition_name is None and mapping is not None and mapping.edition:
            edition_name = str(mapping.edition)
        if edition_name is None:
            raise Refused(
                _("Назовите редакцию: --edition ИМЯ. Есть: {names}.").format(
                    names=", ".join(editions.shipped())
                )
            )
        return mapping, editions.load(edition_name)
    except (mappings.MappingMismatch, editions.EditionError, OSError) as error:
        raise Refused(str(error)) from error


def check_destination(path: Path) -> None:
    """Refuse a destination before the work, not after it."""
    if path.suffix not in OUTPUTS:
        raise Refused(
            _("Перечень пишется в файл .json, .csv или .xlsx, а не в «{name}».").format(name=path.name)
        )
    if not path.absolute().parent.is_dir():
        raise Refused(_("Нет папки «{folder}» для перечня.").format(folder=path.parent))


@contextmanager
def spoken(marked: Path | None = None) -> Iterator[None]:
    """Turn what a person can mend into one refusal; put marked copies of the files into ``marked``."""
    try:
        yield
    except FilesRefused as refused:
        raise Refused(_refusal(refused, marked)) from refused
    except (TableMismatch, editions.EditionError, editions.NotInForce, mappings.MappingMismatch) as mismatch:
        raise Refused(str(mismatch)) from mismatch


def _refusal(refused: FilesRefused, marked: Path | None) -> str:
    total = sum(len(problems) for problems in refused.problems.values())
    lines = str(refused).splitlines()[:SHOWN]
    if total > SHOWN:
        lines.append(_("… и ещё {count}.").format(count=total - SHOWN))
    if marked is not None:
        lines.append(_("Файлы с пометками: {names}.").format(names=", ".join(_write_marked(refused, marked))))
    else:
        lines.append(_("С ключом --marked ПАПКА те же файлы вернутся с пометками в ячейках."))
    lines.append(
        _("Ничего не посчитано: замечаний {count}, файлов с замечаниями {files}.").format(
            count=total, files=len(refused.problems)
        )
    )
    return "\n".join(lines)


def _write_marked(refused: FilesRefused, folder: Path) -> list[str]:
    from opora.results.readers.annotate import annotated
    from opora.results.readers.book import open_book

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for path, problems in refused.problems.items():
        if not any(problem.cell for problem in problems):
            continue  # the file did not open: there is nothing to mark
        source = path.read_bytes()
        name = path.name if path.suffix != ".xls" else f"{path.stem}.xlsx"
        (folder / name).write_bytes(annotated(source, open_book(source, path.name), problems))
        written.append(str(folder / name))
    return written or [_("нет")]


def document(path: Path) -> dict[str, Any]:
    """Open a list that was written earlier.

    Raises: Refused where it is not a list or of a later form.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(
            _("Файл «{name}» не открывается: {reason}.").format(name=path, reason=error.strerror)
        ) from error
    except ValueError as error:
        raise Refused(
            _("Файл «{name}» — не перечень Опоры: нужен list.json от команды identify.").format(name=path)
        ) from error
    if not isinstance(found, dict) or not found.keys() >= PARTS:
        raise Refused(
            _("Файл «{name}» — не перечень Опоры: нужен list.json от команды identify.").format(name=path)
        )
    if found["form"] != FORM:
        raise Refused(
            _("Перечень «{name}» записан другой версией формата ({form}), понятна {known}.").format(
                name=path, form=found["form"], known=FORM
            )
        )
    return found
