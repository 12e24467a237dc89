"""``twisted.web.server``: sites whose cookies have the names that clients know."""

from __future__ import annotations

from sennit.compat.faces.web.http import HTTPFactory
from sennit.web import server
from sennit.web.error import UnsupportedMethod as UnsupportedMethod
from sennit.web.server import (
    NOT_DONE_YET as NOT_DONE_YET,
    GzipEncoderFactory as GzipEncoderFactory,
    Request as Request,
    Session as Session,
    supportedMethods as supportedMethods,
    version as version,
)

__all__ = [
    "GzipEncoderFactory",
    "NOT_DONE_YET",
    "Request",
    "Session",
    "Site",
    "UnsupportedMethod",
    "supportedMethods",
    "version",
]


class Site(server.Site, HTTPFactory):
    """As it is, with Twisted's names for the cookies of sessions."""

    sessionCookie = b"TWISTED_SESSION"
    secureSessionCookie = b"TWISTED_SECURE_SESSION"
