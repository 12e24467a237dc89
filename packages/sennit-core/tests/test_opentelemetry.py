"""A span that is opened in a request is the current one in all that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import pytest

from sennit.core import threads
from sennit.core.defer import Deferred, inlineCallbacks
from sennit.core.engine import Reactor
from sennit.core.protocol import ClientFactory, Factory, Protocol

pytest.importorskip("opentelemetry.sdk")

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

Drive = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracer(exporter: InMemorySpanExporter) -> trace.Tracer:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider.get_tracer("tests")


def test_spans_of_two_requests_at_once_are_children_of_their_own(
    reactor: Reactor,
    drive: Drive,
    exporter: InMemorySpanExporter,
    tracer: trace.Tracer,
) -> None:
    """Each request waits for a timer, a thread and a Deferred that another fires."""
    answers: list[Deferred[int]] = []
    ended: Deferred[None] = Deferred()

    def step(name: str) -> None:
        with tracer.start_as_current_span(name):
            pass

    class Serving(Protocol):
        def dataReceived(self, data: bytes) -> None:
            name = data.decode()
            with tracer.start_as_current_span(name) as span:
                waiting = later(0.01)
                waiting.addCallback(lambda _: step(f"{name}: timer"))
                waiting.addCallback(
                    lambda _: threads.deferToThreadPool(
                        reactor, reactor.getThreadPool(), step, f"{name}: thread"
                    )
                )
                waiting.addCallback(lambda _: in_generator(name))
                waiting.addCallback(lambda _: step(f"{name}: last"))
                waiting.addBoth(lambda _: self.transport.loseConnection())
                assert span.is_recording()

    @inlineCallbacks
    def in_generator(name: str) -> Any:
        answer: Deferred[int] = Deferred()
        answers.append(answer)
        if len(answers) == 2:
            # Fired in reverse, by the later request: nothing of it may stick.
            for each in reversed(answers):
                reactor.callLater(0, each.callback, 1)
        yield answer
        step(f"{name}: generator")

    def later(seconds: float) -> Deferred[None]:
        d: Deferred[None] = Deferred()
        reactor.callLater(seconds, d.callback, None)
        return d

    async def main() -> None:
        gone: list[object] = []

        class Asking(Protocol):
            def __init__(self, name: str) -> None:
                self.name = name

            def connectionMade(self) -> None:
                self.transport.write(self.name.encode())

            def connectionLost(self, reason: Any = None) -> None:
                gone.append(self)
                if len(gone) == 2:
                    ended.callback(None)

        factory = Factory.forProtocol(Serving)
        factory.noisy = False
        port = reactor.listenTCP(0, factory, interface="127.0.0.1")
        for name in ("first", "second"):
            clients = ClientFactory.forProtocol(partial(Asking, name))
            clients.noisy = False
            reactor.connectTCP("127.0.0.1", port.getHost().port, clients)
        await ended

    drive(main)
    spans = {span.name: span for span in exporter.get_finished_spans()}
    for name in ("first", "second"):
        for what in ("timer", "thread", "generator", "last"):
            parent = spans[f"{name}: {what}"].parent
            assert parent is not None
            assert parent.span_id == spans[name].context.span_id
