"""Who may do what with a file."""

from __future__ import annotations

import stat

__all__ = ["RWX", "Permissions"]


class RWX:
    """What one kind of user may do.

    Attributes:
        read: Whether reading is allowed.
        write: Whether writing is allowed.
        execute: Whether executing is allowed; of a folder, going through it.
    """

    __slots__ = ("execute", "read", "write")

    def __init__(self, readable: bool, writable: bool, executable: bool) -> None:
        self.read: bool = readable
        self.write: bool = writable
        self.execute: bool = executable

    def shorthand(self) -> str:
        """Return the three letters that ``ls -l`` shows, such as ``r-x``."""
        allowed = zip("rwx", (self.read, self.write, self.execute), strict=True)
        return "".join(letter if may else "-" for letter, may in allowed)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RWX):
            return NotImplemented
        return self.shorthand() == other.shorthand()

    def __hash__(self) -> int:
        return hash(self.shorthand())

    def __repr__(self) -> str:
        return f"RWX(read={self.read}, write={self.write}, execute={self.execute})"


class Permissions:
    """What owner, group and all others may do with a file.

    Attributes:
        user: What its owner may do.
        group: What the members of its group may do.
        other: What everybody else may do.
    """

    __slots__ = ("group", "other", "user")

    def __init__(self, statModeInt: int) -> None:
        """Take the rights out of a file's mode.

        Args:
            statModeInt: The mode, such as ``0o644``; bits that are no rights do not
                matter.
        """

        def may(*bits: int) -> RWX:
            return RWX(*(bool(statModeInt & bit) for bit in bits))

        self.user: RWX = may(stat.S_IRUSR, stat.S_IWUSR, stat.S_IXUSR)
        self.group: RWX = may(stat.S_IRGRP, stat.S_IWGRP, stat.S_IXGRP)
        self.other: RWX = may(stat.S_IROTH, stat.S_IWOTH, stat.S_IXOTH)

    def shorthand(self) -> str:
        """Return the nine letters that ``ls -l`` shows, such as ``rwxr-x---``."""
        return "".join(who.shorthand() for who in (self.user, self.group, self.other))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Permissions):
            return NotImplemented
        return self.shorthand() == other.shorthand()

    def __hash__(self) -> int:
        return hash(self.shorthand())

    def __repr__(self) -> str:
        return f"Permissions({self.shorthand()})"
