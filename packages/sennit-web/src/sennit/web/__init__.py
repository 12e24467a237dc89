"""HTTP: a server of resources, static files, XML-RPC, and a client.

Each is a module: ``from sennit.web import resource, server``.
"""

from __future__ import annotations

__all__: list[str] = []
