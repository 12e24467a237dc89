"""What of static files provides which of the interfaces of the core.

Whoever asks for that at run time (``providedBy``) imports this: zope is slow to import.
"""

from __future__ import annotations

from sennit.core._interfaces import declare
from sennit.core.interfaces import IPullProducer, IPushProducer

__all__: list[str] = []

declare(
    (
        ("sennit.web.static._producers.StaticProducer", (IPullProducer,)),
        ("sennit.web.static._sender.FileSender", (IPushProducer,)),
    )
)
