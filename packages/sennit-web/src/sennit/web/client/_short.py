"""One request, without a client to keep."""

from __future__ import annotations

from typing import Any, Final

from sennit.core.defer import Deferred
from sennit.web.client._answer import Answer
from sennit.web.client._client import Client

__all__ = ["delete", "get", "head", "options", "patch", "post", "put", "request"]

# What is said to a client, not to a request.
_OF_CLIENTS: Final = frozenset(
    ("cookies", "limits", "policy", "proxy", "reactor", "unixSocket")
)


def request(method: str, url: str | bytes, **options: Any) -> Deferred[Answer]:
    """Ask a server, over a connection that is ended then.

    Args:
        method: The method.
        url: What to ask for, whole.
        options: As `Client.request` takes them; and ``cookies``, ``limits``, ``policy``,
            ``proxy``, ``reactor`` and ``unixSocket``, as `Client` does.

    Returns:
        The answer; it fails as that of `Client.request` does.
    """
    ours = {name: options.pop(name) for name in _OF_CLIENTS & options.keys()}
    return Client(persistent=False, **ours).request(method, url, **options)


def get(url: str | bytes, **options: Any) -> Deferred[Answer]:
    """Ask by GET; as `request`."""
    return request("GET", url, **options)


def head(url: str | bytes, **options: Any) -> Deferred[Answer]:
    """Ask by HEAD; as `request`."""
    return request("HEAD", url, **options)


def options(url: str | bytes, **options: Any) -> Deferred[Answer]:
    """Ask by OPTIONS; as `request`."""
    return request("OPTIONS", url, **options)


def delete(url: str | bytes, **options: Any) -> Deferred[Answer]:
    """Ask by DELETE; as `request`."""
    return request("DELETE", url, **options)


def post(url: str | bytes, data: Any = None, **options: Any) -> Deferred[Answer]:
    """Ask by POST; as `request`."""
    return request("POST", url, data=data, **options)


def put(url: str | bytes, data: Any = None, **options: Any) -> Deferred[Answer]:
    """Ask by PUT; as `request`."""
    return request("PUT", url, data=data, **options)


def patch(url: str | bytes, data: Any = None, **options: Any) -> Deferred[Answer]:
    """Ask by PATCH; as `request`."""
    return request("PATCH", url, data=data, **options)
