"""The contracts of the web: what a site's tree is made of.

Whoever needs them at run time (``implementer``, ``providedBy``) finds them, by the same
names, in `sennit.web.interfaces`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["ICredentialFactory", "IResource"]


class ICredentialFactory(Protocol):
    """A way to log in over HTTP: makes challenges, and credentials of the answers."""

    @property
    def scheme(self) -> bytes:
        """Its name in headers, in whatever case. RFC 9110 §11.1."""

    def getChallenge(self, request: Request) -> dict[str, bytes]:
        """Make a challenge.

        Where `decode` raises ``StaleNonce``, it takes ``stale=True`` as well, which is
        given after that.

        Args:
            request: Who is asked.

        Returns:
            The fields of the header, neither quoted nor escaped.
        """

    def decode(self, response: bytes, request: Request) -> Any:
        """Make credentials, for a portal, of what a client has answered.

        Args:
            response: What its header has after the scheme.
            request: The request that has the header.

        Raises:
            sennit.core.cred.error.LoginFailed: It is no answer to a challenge.
            sennit.core.cred.error.StaleNonce: The challenge is too old.
        """


class IResource(Protocol):
    """Something that a path leads to."""

    @property
    def isLeaf(self) -> bool | int:
        """Whether it answers for all paths below it, too."""

    def getChildWithDefault(self, name: bytes, request: Request) -> Any:
        """The resource below this one that a segment of the path leads to.

        Args:
            name: The segment, not quoted.
            request: The request; its ``prepath`` ends with the segment.
        """

    def putChild(self, path: bytes, child: IResource) -> None:
        """Put a resource below this one, by a name that is a segment of a path."""

    def render(self, request: Request) -> Any:
        """Answer a request.

        Returns:
            What a renderer may return: `sennit.web.resource.Rendered`.

        Raises:
            sennit.web.error.UnsupportedMethod: It does not answer requests of that
                method.
        """
