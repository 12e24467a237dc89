"""Headers, for whoever needs nothing else of HTTP."""

from __future__ import annotations

from sennit.web.http._headers import (
    Headers as Headers,
    InvalidHeaderName as InvalidHeaderName,
    InvalidHeaderValue as InvalidHeaderValue,
)

__all__ = ["Headers", "InvalidHeaderName", "InvalidHeaderValue"]
