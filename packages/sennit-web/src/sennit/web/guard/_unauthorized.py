"""The answer to whoever is not let in: 401, and how one can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sennit.web.guard._quoting import quoted
from sennit.web.resource import Resource

if TYPE_CHECKING:
    from sennit.web.contracts import ICredentialFactory
    from sennit.web.server import Request

__all__ = ["UnauthorizedResource"]

# RFC 7616 §3.3 has these without quotes.
_TOKENS: Final = frozenset(("algorithm", "stale"))


class UnauthorizedResource(Resource):
    """Tells a client that it must log in, and in which ways it can.

    So does whatever is looked for below it.
    """

    isLeaf: bool = True

    def __init__(
        self,
        factories: Sequence[ICredentialFactory],
        stale: ICredentialFactory | None = None,
    ) -> None:
        """Make the answer.

        Args:
            factories: What makes the challenges, one for each way.
            stale: That one of them whose challenge was answered too late.
        """
        super().__init__()
        self._credentialFactories = factories
        self._stale = stale

    def render(self, request: Request) -> bytes:
        """Answer, whatever the method."""
        request.setResponseCode(401)
        request.setHeader(b"content-type", b"text/plain; charset=utf-8")
        for factory in self._credentialFactories:
            challenge: Any = factory.getChallenge
            late = {"stale": True} if factory is self._stale else {}
            fields = challenge(request, **late)
            written = [_field(name, value) for name, value in fields.items()]
            header = factory.scheme + b" " + b", ".join(written)
            request.responseHeaders.addRawHeader(b"www-authenticate", header)
        return b"" if request.method == b"HEAD" else b"Unauthorized"

    def getChildWithDefault(self, path: bytes, request: Any) -> UnauthorizedResource:
        """The same for all paths."""
        return self


def _field(name: str, value: bytes) -> bytes:
    return name.encode("ascii") + b"=" + (value if name in _TOKENS else quoted(value))
