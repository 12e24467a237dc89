"""The services of the demo, one a file; a new one is added to the list below."""

from services import chat, echo_tcp, echo_tls, echo_udp, hello, quote, sums
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
]
