"""Pages that tell of an error: resources to be put into a tree, or returned.

A renderer that returns one::

    async def render_GET(self, request):
        return pages.notFound(message="There is no such poem.")

Their texts are escaped: it is safe to show what somebody else has sent.
"""

from __future__ import annotations

from sennit.web.resource import ErrorPage
from sennit.web.resource._resource import NO_LUCK, NO_SUCH

__all__ = ["errorPage", "forbidden", "notFound"]


def errorPage(code: int, brief: str, detail: str) -> ErrorPage:
    """A page for any error.

    Args:
        code: The status, as `sennit.web.http` has them.
        brief: What is wrong, in a few words.
        detail: What is wrong, in a sentence.
    """
    return ErrorPage(code, brief, detail)


def notFound(brief: str = NO_SUCH, message: str = NO_LUCK) -> ErrorPage:
    """A page that is answered with 404.

    Args:
        brief: What is wrong, in a few words.
        message: What is wrong, in a sentence.
    """
    return ErrorPage(404, brief, message)


def forbidden(
    brief: str = "Forbidden Resource",
    message: str = "You may not see what is at this address.",
) -> ErrorPage:
    """A page that is answered with 403.

    Args:
        brief: What is wrong, in a few words.
        message: What is wrong, in a sentence.
    """
    return ErrorPage(403, brief, message)
