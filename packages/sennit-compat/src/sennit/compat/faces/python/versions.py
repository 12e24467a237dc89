"""``twisted.python.versions``: the version of a package as a comparable value."""

from __future__ import annotations

from functools import total_ordering
from typing import Literal

__all__ = ["IncomparableVersions", "Version", "getVersionString"]


class IncomparableVersions(TypeError):
    """Two versions of different packages were compared."""


@total_ordering
class Version:
    """The version of a package: three numbers and what comes before a release.

    Args:
        package: Name of the package.
        major: First number; ``NEXT`` for a version that has no number yet.
        minor: Second number.
        micro: Third number.
        release_candidate: Number of the release candidate.
        prerelease: The older name of ``release_candidate``.
        post: Number of the post release.
        dev: Number of the development version.
    """

    def __init__(
        self,
        package: str,
        major: int | Literal["NEXT"],
        minor: int,
        micro: int,
        release_candidate: int | None = None,
        prerelease: int | None = None,
        post: int | None = None,
        dev: int | None = None,
    ) -> None:
        if release_candidate is not None and prerelease is not None:
            raise ValueError("prerelease is the older name of release_candidate")
        self.package = package
        self.major = major
        self.minor = minor
        self.micro = micro
        self.release_candidate: int | None = (
            prerelease if release_candidate is None else release_candidate
        )
        self.post = post
        self.dev = dev

    @property
    def prerelease(self) -> int | None:
        """The older name of ``release_candidate``."""
        return self.release_candidate

    def base(self) -> str:
        """The version as a text, as in ``26.10.0rc1``."""
        if self.major == "NEXT":
            return self.major
        parts = [f"{self.major}.{self.minor}.{self.micro}"]
        for mark, number in (
            ("rc", self.release_candidate),
            (".post", self.post),
            (".dev", self.dev),
        ):
            if number is not None:
                parts.append(f"{mark}{number}")
        return "".join(parts)

    short = base
    local = base
    public = base

    def _order(self) -> tuple[float, ...]:
        unset = float("inf")
        candidate = unset if self.release_candidate is None else self.release_candidate
        if self.dev is not None and self.release_candidate is self.post is None:
            # A development version of the release itself precedes its candidates.
            candidate = -1
        post = -1 if self.post is None else self.post
        dev = unset if self.dev is None else self.dev
        major = unset if self.major == "NEXT" else self.major
        return (major, self.minor, self.micro, candidate, post, dev)

    def _check(self, other: Version) -> None:
        if self.package.lower() != other.package.lower():
            raise IncomparableVersions(f"{self.package} and {other.package}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        self._check(other)
        return self._order() == other._order()

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        self._check(other)
        return self._order() < other._order()

    def __hash__(self) -> int:
        return hash((self.package.lower(), self._order()))

    def __str__(self) -> str:
        return f"[{self.package}, version {self.base()}]"

    def __repr__(self) -> str:
        numbers = f"{self.major!r}, {self.minor}, {self.micro}"
        marks = "".join(
            f", {name}={value}"
            for name in ("release_candidate", "post", "dev")
            if (value := getattr(self, name)) is not None
        )
        return f"{type(self).__name__}({self.package!r}, {numbers}{marks})"


def getVersionString(version: Version) -> str:
    """The package and its version in one line, as in ``Twisted 26.10.0``."""
    return f"{version.package} {version.public()}"
