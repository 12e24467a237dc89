"""The services of the demo, one a file; a new one is added to the list below."""

from services import (
    boxes,
    calls,
    chat,
    counting,
    echo_tcp,
    echo_tls,
    echo_udp,
    hello,
    objects,
    quote,
    registration,
    site,
    sums,
)
from services.service import Service

__all__ = ["SERVICES"]

SERVICES: list[Service] = [
    hello.SERVICE,
    echo_tcp.SERVICE,
    echo_tls.SERVICE,
    echo_udp.SERVICE,
    quote.SERVICE,
    chat.SERVICE,
    sums.SERVICE,
    counting.SERVICE,
    registration.SERVICE,
    boxes.SERVICE,
    objects.SERVICE,
    site.SERVICE,
    calls.SERVICE,
]
