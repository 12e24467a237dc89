"""What ``sennit run`` can run of the web: by the entry point ``sennit.targets``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sennit.web.resource import Resource
from sennit.web.server import Site

__all__ = ["siteOf"]


def siteOf(given: Any, listen: Sequence[str]) -> Site | None:
    """Make a site of a resource, or of a class of such that needs no arguments.

    Args:
        given: what is to be run.
        listen: where it is to be served, which is for who runs it to do.

    Returns:
        The site; None for what is no resource.
    """
    if isinstance(given, type) and issubclass(given, Resource):
        given = given()
    renders = hasattr(given, "render") and hasattr(given, "getChildWithDefault")
    return Site(given) if renders else None
