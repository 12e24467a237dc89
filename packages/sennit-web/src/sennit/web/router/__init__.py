"""Router: functions for patterns of paths.

A site that has one::

    router = Router()

    @router.get("/users/{id:int}")
    async def user(request, id):
        return await load(id)

    reactor.listenTCP(8080, Site(router))

It is a resource: put it anywhere into a tree; and resources may be put below it.
"""

from __future__ import annotations

from sennit.web.router._pattern import TYPES as TYPES, BadPattern as BadPattern
from sennit.web.router._router import Handler as Handler, Router as Router

__all__ = ["BadPattern", "Handler", "Router", "TYPES"]
