"""Small disks that really become full: file systems in memory, mounted for one test."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

PAGE = 4096  # bytes: the least that a file takes


class Disk:
    """One small disk; its path is short enough for a socket."""

    def __init__(self, kilobytes: int) -> None:
        """Make the folder; nothing is mounted yet."""
        self.kilobytes = kilobytes
        self.holder = tempfile.TemporaryDirectory(prefix="opora-", ignore_cleanup_errors=True)
        self.path = Path(self.holder.name)
        self.ballast = self.path / "ballast"

    def mount(self) -> str:
        """Mount it; answers why that is not permitted. Empty: it is mounted."""
        options = f"size={self.kilobytes}k,mode=0755"
        words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.path)]
        return subprocess.run(words, capture_output=True, text=True, check=False).stderr.strip()

    def resize(self, kilobytes: int) -> None:
        """Make it larger or smaller, not below what lies on it."""
        words = ["mount", "-o", f"remount,size={kilobytes}k", str(self.path)]
        subprocess.run(words, check=True, capture_output=True)

    def left(self) -> int:
        """Answer how many bytes are free."""
        state = os.statvfs(self.path)
        return state.f_bavail * state.f_frsize

    def fill(self, leave: int = 0) -> None:
        """Let so many bytes be free, and no more."""
        self.empty()
        with self.ballast.open("wb") as file:
            while self.left() > leave:  # files that were deleted give their room back a little later
                os.posix_fallocate(file.fileno(), 0, os.fstat(file.fileno()).st_size + self.left() - leave)
                time.sleep(0.1)

    def empty(self) -> None:
        """Give the room back."""
        self.ballast.unlink(missing_ok=True)

    def unmount(self) -> None:
        """Take it away, also from a program that ends just now."""
        subprocess.run(["umount", "--lazy", str(self.path)], check=False, capture_output=True)
        self.holder.cleanup()
