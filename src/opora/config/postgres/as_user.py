"""Starts a program as somebody whom PostgreSQL accepts: it refuses to run as root.

Run as a script, with nothing but the standard library: ``as_user.py HOW [--with-parent] PROGRAM ARGUMENT…``.
HOW is one of:

``self``          as we are;
``namespace:N``   in a user namespace where root is called N: files stay root's, no folder's rights change;
``user:U:G``      as user U and group G, who may pass through folders closed to them (a capability, on Linux),
                  where namespaces are forbidden, as they are in many containers.
"""

import ctypes
import os
import signal
import struct
import sys
from pathlib import Path

FAILED = 97  # exit code: the program was not started
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITY_VERSION_3 = 0x20080522


def enter_namespace(uid: int) -> None:
    """Call root ``uid`` from here on, in a user namespace of our own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} 0 1")
    Path("/proc/self/gid_map").write_text(f"{uid} 0 1")


def become(uid: int, gid: int) -> None:
    """Turn into a user for good, keeping on Linux the one right to pass through closed folders."""
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)
    if libc:
        any(keep(libc, capability) for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE))


def keep(libc: ctypes.CDLL, capability: int) -> bool:
    """Keep one capability across ``exec``; a container may have none to give, then the folders decide."""
    bit = 1 << capability
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    sets = struct.pack("6I", bit, bit, bit, 0, 0, 0)
    return (
        libc.capset(header, sets) == 0
        and libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) == 0
    )


def main(arguments: list[str]) -> int:
    """Become whom ``HOW`` says and turn into the program."""
    how, *rest = arguments
    with_parent = rest[0] == "--with-parent"
    program = rest[1:] if with_parent else rest
    kind, _, whom = how.partition(":")
    try:
        if kind == "namespace":
            enter_namespace(int(whom))
        elif kind == "user":
            uid, gid = whom.split(":")
            become(int(uid), int(gid))
        if with_parent and sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)
        os.umask(0o077)
        os.execv(program[0], program)  # noqa: S606 - no shell is wanted
    except OSError as problem:
        print(f"{how}: {problem}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
