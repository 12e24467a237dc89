"""What `sennit.core.interfaces` promises."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any

import pytest
from zope.interface import implementer
from zope.interface.interface import InterfaceClass, Method
from zope.interface.verify import verifyClass, verifyObject

from sennit.core import contracts, endpoints, interfaces
from sennit.core.address import IPv4Address
from sennit.core.engine import Reactor
from sennit.core.protocol import (
    ConsumerToProtocolAdapter,
    Factory,
    Protocol,
    ProtocolToConsumerAdapter,
)
from sennit.core.testing import MemoryReactor, StringTransport

# What is declared is Interfaces at run time, Protocols to type checkers.
window: Any = interfaces
DECLARED: list[tuple[str, Any]] = [
    (path, interface) for path, provided in window._PROVIDED for interface in provided
]
NOWHERE: Any = endpoints.TCP4ServerEndpoint(MemoryReactor(), 0)


def test_every_contract_is_an_interface_of_the_same_name() -> None:
    assert interfaces.__all__ == contracts.__all__
    for name in interfaces.__all__:
        interface = getattr(window, name)
        assert isinstance(interface, InterfaceClass)
        assert interface.__name__ == name
        assert interface.__module__ == "sennit.core.interfaces"
        assert interface.__doc__ == getattr(contracts, name).__doc__


def test_an_interface_extends_what_its_contract_extends() -> None:
    assert window.ITCPTransport.extends(window.ITransport)
    assert window.IReactorThreads.__bases__ == (
        window.IReactorFromThreads,
        window.IReactorInThreads,
    )
    assert window.IReadWriteDescriptor.extends(window.ILoggingContext)


def test_methods_have_their_arguments_and_documentation() -> None:
    method = window.IReactorTCP["connectTCP"]

    assert isinstance(method, Method)
    assert method.getSignatureString() == (
        "(host, port, factory, timeout=30, bindAddress=None)"
    )
    assert method.__doc__.startswith("Connect to a port")
    assert window.IReactorTime["callLater"].getSignatureString() == (
        "(delay, callable, *args, **kwargs)"
    )


def test_properties_are_attributes() -> None:
    attribute = window.IProcessTransport["pid"]

    assert not isinstance(attribute, Method)
    assert attribute.__doc__.startswith("The process's number")


@pytest.mark.parametrize(
    ("path", "interface"),
    DECLARED,
    ids=[f"{path}-{interface.__name__}" for path, interface in DECLARED],
)
def test_every_declaration_is_true(path: str, interface: Any) -> None:
    module, _, name = path.rpartition(".")
    declared = getattr(importlib.import_module(module), name)

    assert interface.implementedBy(declared)
    assert verifyClass(interface, declared)


@pytest.mark.parametrize(
    ("thing", "provided"),
    [
        (Protocol(), window.IProtocol),
        (Protocol(), window.ILoggingContext),
        (Factory(), window.IProtocolFactory),
        (IPv4Address("TCP", "::1", 1), window.IAddress),
        (StringTransport(), window.ITransport),
        (StringTransport(), window.IConsumer),
        (MemoryReactor(), window.IReactorCore),
        (MemoryReactor(), window.IReactorTCP),
        (Reactor(), window.IReactorSSL),
        (endpoints.wrapClientTLS(None, NOWHERE), window.IStreamClientEndpoint),
        (endpoints.wrapServerTLS(None, NOWHERE), window.IStreamServerEndpoint),
    ],
)
def test_objects_provide_what_their_classes_declare(thing: Any, provided: Any) -> None:
    assert verifyObject(provided, thing)


def test_a_class_of_somebody_else_can_implement_one() -> None:
    @implementer(interfaces.IHalfCloseableProtocol)
    class Theirs(Protocol):
        def readConnectionLost(self) -> None: ...

        def writeConnectionLost(self) -> None: ...

    assert window.IHalfCloseableProtocol.providedBy(Theirs())
    assert window.IProtocol.providedBy(Theirs())
    assert verifyObject(window.IHalfCloseableProtocol, Theirs())
    assert not window.IHalfCloseableProtocol.providedBy(Protocol())


def test_protocols_adapt_to_consumers_and_back() -> None:
    received: list[bytes] = []

    class Keeping(Protocol):
        def dataReceived(self, data: bytes) -> None:
            received.append(data)

    consumer = window.IConsumer(Keeping())
    protocol = window.IProtocol(StringTransport())

    assert isinstance(consumer, ProtocolToConsumerAdapter)
    assert isinstance(protocol, ConsumerToProtocolAdapter)
    consumer.write(b"data")
    protocol.dataReceived(b"data")
    assert received == [b"data"]
    assert protocol.original.value() == b"data"  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        window.IConsumer(object())


def test_the_reactor_does_not_import_it() -> None:
    program = (
        "import sys, sennit.core.engine;"
        "print('sennit.core.interfaces' in sys.modules, 'zope.interface' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False False"
