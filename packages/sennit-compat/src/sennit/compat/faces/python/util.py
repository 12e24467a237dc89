"""``twisted.python.util``: helpers of every kind.

Those about files, users and the process are here; the others come from rooms beside.
"""

from __future__ import annotations

import getpass
import os
import sys
import warnings
from collections import OrderedDict as OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, AnyStr, ParamSpec, TypeVar

from sennit.compat.faces.python._calls import (
    mergeFunctionMetadata as mergeFunctionMetadata,
    raises as raises,
    runWithWarningsSuppressed as runWithWarningsSuppressed,
    spewer as spewer,
    untilConcludes as untilConcludes,
)
from sennit.compat.faces.python._insensitive import InsensitiveDict as InsensitiveDict
from sennit.compat.faces.python._intervals import (
    IntervalDifferential as IntervalDifferential,
)
from sennit.compat.faces.python._lines import (
    LineLog as LineLog,
    makeStatBar as makeStatBar,
    nameToLabel as nameToLabel,
    padTo as padTo,
    println as println,
    uniquify as uniquify,
)
from sennit.compat.faces.python._mixins import (
    FancyEqMixin as FancyEqMixin,
    FancyStrMixin as FancyStrMixin,
)
from sennit.compat.faces.python.reflect import requireModule

__all__ = [
    "FancyEqMixin",
    "FancyStrMixin",
    "InsensitiveDict",
    "IntervalDifferential",
    "LineLog",
    "OrderedDict",
    "addPluginDir",
    "getPassword",
    "getPluginDirs",
    "gidFromString",
    "initgroups",
    "makeStatBar",
    "mergeFunctionMetadata",
    "nameToLabel",
    "padTo",
    "println",
    "raises",
    "runAsEffectiveUser",
    "runWithWarningsSuppressed",
    "searchupwards",
    "sibpath",
    "spewer",
    "switchUID",
    "uidFromString",
    "uniquify",
    "untilConcludes",
]

P = ParamSpec("P")
R = TypeVar("R")

# The system's lists of users and groups; Windows has none.
pwd: Any = requireModule("pwd")
grp: Any = requireModule("grp")


# Files


def sibpath(
    path: os.PathLike[AnyStr] | AnyStr, sibling: os.PathLike[AnyStr] | AnyStr
) -> AnyStr:
    """The path of a file that lies beside another.

    Args:
        path: Path of the one file, often a module's ``__file__``.
        sibling: Name of the other.
    """
    return os.path.join(os.path.dirname(os.path.abspath(path)), sibling)


def searchupwards(
    start: str, files: Iterable[str] = (), dirs: Iterable[str] = ()
) -> str | None:
    """Find the nearest folder that holds all these files and folders.

    Args:
        start: Where to begin; then the folder around it, and so on.
        files: Names of files.
        dirs: Names of folders.

    Returns:
        The folder's path with a separator at its end, or None.
    """
    folder = os.path.abspath(start)
    while True:
        inside = os.path.join(folder, "")
        if all(os.path.isfile(inside + each) for each in files) and all(
            os.path.isdir(inside + each) for each in dirs
        ):
            return inside
        outer = os.path.dirname(folder)
        if outer == folder:
            return None
        folder = outer


def getPluginDirs() -> Iterable[str]:
    """Where a user's plug-ins were kept, if there is such a folder."""
    return filter(os.path.isdir, [os.path.expanduser("~/TwistedPlugins")])


def addPluginDir() -> None:
    """Let Python find modules in the folders of `getPluginDirs`."""
    sys.path.extend(getPluginDirs())


# Users


def uidFromString(uidString: str | int) -> int:
    """The number of a user who is given by number or by name.

    Raises:
        KeyError: There is no user of that name.
        ValueError: The system has no list of users.
    """
    try:
        return int(uidString)
    except ValueError:
        if pwd is None:
            raise
        return int(pwd.getpwnam(uidString).pw_uid)


def gidFromString(gidString: str | int) -> int:
    """The number of a group that is given by number or by name.

    Raises:
        KeyError: There is no group of that name.
        ValueError: The system has no list of groups.
    """
    try:
        return int(gidString)
    except ValueError:
        if grp is None:
            raise
        return int(grp.getgrnam(gidString).gr_gid)


def initgroups(uid: int, primaryGid: int | None) -> None:
    """Give the process the groups of a user.

    Args:
        uid: The user's number.
        primaryGid: A group that is to be among them; the process' own if None.
    """
    group = os.getgid() if primaryGid is None else primaryGid
    os.initgroups(pwd.getpwuid(uid).pw_name, group)


def switchUID(uid: int | None, gid: int | None, euid: bool = False) -> None:
    """Let the process be another user's, for good.

    A warning tells if it is the user's already.

    Args:
        uid: The user's number, or None for no change.
        gid: The group's number, or None for no change.
        euid: Change what counts for permissions only; this can be undone.
    """
    become, am, join = (
        (os.seteuid, os.geteuid, os.setegid)
        if euid
        else (os.setuid, os.getuid, os.setgid)
    )
    if gid is not None:
        join(gid)
    if uid is None:
        return
    if uid == am():
        kind = "euid" if euid else "uid"
        warnings.warn(
            f"tried to drop privileges and set{kind} {uid} but {kind} is already {uid};"
            " is the process to be started as root?",
            stacklevel=1,
        )
        return
    initgroups(uid, gid)
    become(uid)


def runAsEffectiveUser(
    euid: int, egid: int, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Call a function with the permissions of another user and group.

    Args:
        euid: The user's number.
        egid: The group's number.
        function: The function.
        args: Its arguments.
        kwargs: Its arguments by name.
    """
    own, other = (os.geteuid(), os.getegid()), (euid, egid)
    _change_permissions(own, other)
    try:
        return function(*args, **kwargs)
    finally:
        _change_permissions(other, own)


def _change_permissions(have: tuple[int, int], want: tuple[int, int]) -> None:
    """Go from one user and group to others, by way of root, who alone may."""
    if have == want:
        return
    if have[0] != 0:
        os.seteuid(0)
    if have[1] != want[1]:
        os.setegid(want[1])
    if want[0] != 0:
        os.seteuid(want[0])


def getPassword(
    prompt: str = "Password: ",
    confirm: bool | int = 0,
    forceTTY: bool | int = 0,
    confirmPrompt: str = "Confirm password: ",
    mismatchMessage: str = "Passwords don't match.",
) -> str:
    """Ask for a password.

    Where standard input is no terminal, its next line is the password.

    Args:
        prompt: What is shown.
        confirm: Whether to ask twice, until both answers are the same.
        forceTTY: Whether to ask at the terminal even so.
        confirmPrompt: What is shown the second time.
        mismatchMessage: What is printed if the answers differ.

    Raises:
        RuntimeError: There is no terminal to ask at.
    """
    if not sys.stdin.isatty():
        if not forceTTY:
            return sys.stdin.readline().rstrip("\n")
        try:
            open("/dev/tty").close()
        except OSError as error:
            raise RuntimeError(
                "there is no terminal to ask for a password at"
            ) from error
    while True:
        password = getpass.getpass(prompt)
        if not confirm or password == getpass.getpass(confirmPrompt):
            return password
        println(mismatchMessage)
