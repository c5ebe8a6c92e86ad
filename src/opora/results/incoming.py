"""Where uploaded files wait: private folders in which nothing grows old."""

import time
from contextlib import suppress
from pathlib import Path

OLDEST = 3600  # seconds; a request does not last longer


def sweep(folder: Path, now: float | None = None, oldest: float = OLDEST) -> list[str]:
    """Delete what a killed process left behind, and name it; a file of a living request is younger."""
    now = time.time() if now is None else now
    swept = []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.is_file() and now - path.stat().st_mtime > oldest:
                path.unlink()
                swept.append(path.name)
    return swept
