"""As whom a process runs: found while the system's files are in sight, taken later.

Names and groups are looked up before the root changes, where there may be no
``/etc/group``; they are taken when the ports are open, which needs privileges.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from sennit.app.runner._errors import NoPermission, UsageError

__all__ = ["Identity", "gidFrom", "uidFrom"]


def uidFrom(text: str) -> int:
    """A user's number, from the number or a name.

    Raises:
        UsageError: There is no such user.
    """
    # Windows has no such module.
    import pwd

    try:
        return int(text) if text.isdecimal() else pwd.getpwnam(text).pw_uid
    except KeyError:
        raise UsageError(f"there is no user {text!r}") from None


def gidFrom(text: str) -> int:
    """A group's number, from the number or a name.

    Raises:
        UsageError: There is no such group.
    """
    import grp

    try:
        return int(text) if text.isdecimal() else grp.getgrnam(text).gr_gid
    except KeyError:
        raise UsageError(f"there is no group {text!r}") from None


class Identity(NamedTuple):
    """As whom a process is to run.

    Attributes:
        uid: The user; None for no change.
        gid: The group; None for no change.
        groups: All groups of that user; None for no change.
    """

    uid: int | None = None
    gid: int | None = None
    groups: tuple[int, ...] | None = None

    @classmethod
    def of(cls, uid: int | None, gid: int | None) -> Identity:
        """Look up what belongs to a user and a group."""
        if uid is None and gid is None:
            return cls()
        import pwd

        if uid is None:
            return cls(None, gid, None if gid is None else (gid,))
        try:
            user = pwd.getpwuid(uid)
        except KeyError:
            groups = () if gid is None else (gid,)
            return cls(uid, gid, groups)
        gid = user.pw_gid if gid is None else gid
        return cls(uid, gid, tuple(os.getgrouplist(user.pw_name, gid)))

    def take(self, *, effective: bool) -> str | None:
        """Become that user.

        Args:
            effective: Keep the right to become the first one again.

        Returns:
            Who we are now; None if nothing has changed.

        Raises:
            NoPermission: We may not.
        """
        if self.uid is None and self.gid is None:
            return None
        same = self.uid in (None, os.geteuid()) and self.gid in (None, os.getegid())
        if same:
            return None
        set_gid = os.setegid if effective else os.setgid
        set_uid = os.seteuid if effective else os.setuid
        try:
            if self.groups is not None and os.geteuid() == 0:
                os.setgroups(self.groups)
            if self.gid is not None:
                set_gid(self.gid)
            if self.uid is not None:
                set_uid(self.uid)
        except PermissionError as error:
            raise NoPermission(
                f"user {os.geteuid()} may not become user {self.uid}, "
                f"group {self.gid}: {error.strerror}"
            ) from error
        return f"{'euid/egid' if effective else 'uid/gid'} {self.uid}/{self.gid}"
