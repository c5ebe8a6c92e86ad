"""What PostgreSQL's own words mean for the person at the screen."""

from pathlib import Path

from opora.language import _
from opora.lib import full_disk


def told_by(said: str, folder: Path) -> str:
    """Turn what ``initdb`` or the server said before it ended into one sentence."""
    known = [
        (
            "No space left on device",
            _("На диске с папкой базы «{folder}» кончилось место; освободите его и повторите."),
        ),
        (
            "Disk quota exceeded",
            _("Квота на диск с папкой базы «{folder}» исчерпана; освободите место и повторите."),
        ),
        (
            "cannot be run as root",
            _(
                "PostgreSQL не запускается от root, а другого пользователя взять не удалось; "
                "задайте OPORA_PG_USER."
            ),
        ),
        (
            "could not create shared memory segment",
            _("Системе не хватило разделяемой памяти для базы в «{folder}»; закройте лишнее и повторите."),
        ),
        (
            "Permission denied",
            _("У PostgreSQL нет доступа к папке базы «{folder}»; проверьте, кому она принадлежит."),
        ),
    ]
    for mark, sentence in known:
        if mark in said:
            return sentence.format(folder=folder)
    last = [line.strip() for line in said.splitlines() if line.strip()]
    if not faults(last) and full_disk.has_no_room(folder):  # the log that we read had no room either
        return known[0][1].format(folder=folder)
    return _("PostgreSQL не запустился в «{folder}»: {said}").format(
        folder=folder, said=most_telling(last) or _("он ничего не сказал")
    )


def most_telling(lines: list[str]) -> str:
    """Choose the line that names the fault: the last fatal one, else the last one. Empty: ""."""
    return (faults(lines) or lines or [""])[-1]


def faults(lines: list[str]) -> list[str]:
    """Choose the lines that name a fault."""
    return [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:"))]
