"""The server's own process: what its pid file says, whether it lives, how it is stopped."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 30.0  # seconds for an orderly stop before it is cut short


@dataclass(frozen=True)
class Postmaster:
    """What ``postmaster.pid`` says."""

    pid: int
    socket: Path
    ready: bool


def read_pid_file(data: Path) -> Postmaster | None:
    """Read ``postmaster.pid``. Empty: None where there is none or it was cut off."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return Postmaster(int(lines[0]), Path(lines[4]), lines[7:8] == ["ready   "])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent does not."""
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return state_of(pid) not in {"Z", "X"}


def state_of(pid: int) -> str:
    """Answer the system's letter for what a process does. Empty: "" where it cannot be told."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        done = (
            subprocess.run(
                ["/bin/ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
            )
            if Path("/bin/ps").exists()
            else None
        )
        return done.stdout.strip()[:1] if done else ""


def serves(pid: int, data: Path) -> bool:
    """Tell whether a living process is the server of this data folder; numbers are used again."""
    if not is_alive(pid):
        return False
    if Path("/proc/self/cwd").exists():
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
        except OSError:
            return False
    done = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "postgres" in done.stdout and str(data) in done.stdout


def stop(pid: int, data: Path) -> None:
    """End the server: in order, and if that takes too long, at once (the next start recovers)."""
    for number, patience in ((signal.SIGINT, PATIENCE), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        if not serves(pid, data):
            return
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        wait_until_gone(pid, patience)


def wait_until_gone(pid: int, patience: float) -> bool:
    """Wait for a process to end."""
    until = time.monotonic() + patience
    while is_alive(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
