"""Where uploaded files wait while their request lasts: a private folder in which nothing grows old."""

import time
from contextlib import suppress
from pathlib import Path

OLDEST = 3600  # seconds; a request does not last longer


def sweep(folder: Path, now: float | None = None) -> list[str]:
    """Delete what a killed process left behind, and name it; a file of a living request is younger."""
    now = time.time() if now is None else now
    swept = []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.is_file() and now - path.stat().st_mtime > OLDEST:
                path.unlink()
                swept.append(path.name)
    return swept
