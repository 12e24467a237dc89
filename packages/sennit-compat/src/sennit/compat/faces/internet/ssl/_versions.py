"""The versions of TLS."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from OpenSSL import SSL

from sennit.core.logger._levels import Names

__all__ = ["TLSVersion", "versionRange"]

# Older ones are broken in ways that are used (RFC 8996).
_DEFAULT_MINIMUM: Final = "TLSv1_2"


@functools.total_ordering
class TLSVersion(Names):
    """A version of TLS; an older one is less than a newer one."""

    SSLv3 = SSL.SSL3_VERSION
    TLSv1_0 = SSL.TLS1_VERSION
    TLSv1_1 = SSL.TLS1_1_VERSION
    TLSv1_2 = SSL.TLS1_2_VERSION
    TLSv1_3 = SSL.TLS1_3_VERSION

    if TYPE_CHECKING:
        value: int

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, TLSVersion):
            return NotImplemented
        return self.value < other.value


def versionRange(
    raiseMinimumTo: TLSVersion | None,
    insecurelyLowerMinimumTo: TLSVersion | None,
    lowerMaximumSecurityTo: TLSVersion | None,
) -> tuple[TLSVersion, TLSVersion]:
    """The oldest and the newest version to speak.

    Raises:
        ValueError: None is between those that were asked for.
    """
    newest = lowerMaximumSecurityTo or TLSVersion.TLSv1_3
    oldest, named = TLSVersion[_DEFAULT_MINIMUM], "raiseMinimumTo"
    if insecurelyLowerMinimumTo is not None:
        oldest, named = insecurelyLowerMinimumTo, "insecurelyLowerMinimumTo"
    elif raiseMinimumTo is not None:
        oldest = max(oldest, raiseMinimumTo)
    elif lowerMaximumSecurityTo is not None:
        # Who asks for an old version alone means it.
        oldest = min(oldest, lowerMaximumSecurityTo)
    if oldest > newest:
        raise ValueError(f"{named} needs to be lower than lowerMaximumSecurityTo")
    return oldest, newest
