"""Sites: resources served over HTTP, and the sessions of their clients.

A whole program, but for the root::

    from sennit.core import reactor
    from sennit.web.server import Site

    reactor.listenTCP(8080, Site(root))
    reactor.run()

The budgets of HTTP, and the access log, are parameters of the site.
"""

from __future__ import annotations

from sennit.web.resource import NOT_DONE_YET as NOT_DONE_YET
from sennit.web.server._components import Componentized as Componentized
from sennit.web.server._gzip import GzipEncoderFactory as GzipEncoderFactory
from sennit.web.server._request import Request as Request, version as version
from sennit.web.server._session import Session as Session
from sennit.web.server._site import Site as Site
from sennit.web.server._troubles import supportedMethods as supportedMethods

__all__ = [
    "Componentized",
    "GzipEncoderFactory",
    "NOT_DONE_YET",
    "Request",
    "Session",
    "Site",
    "supportedMethods",
    "version",
]
