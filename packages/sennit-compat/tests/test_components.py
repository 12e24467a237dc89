from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from zope.interface import Attribute, Interface, implementer, verify

from sennit.compat.faces.python import components


class ICalled(Interface):  # type: ignore[misc]
    """Something with a method and an attribute."""

    value = Attribute("A value.")

    def method(x: int) -> int:  # type: ignore[empty-body] # noqa: N805
        """Give something."""


class INamed(Interface):  # type: ignore[misc]
    """Something with a name."""


CALLED: Any = ICalled
NAMED: Any = INamed


class Plain:
    """Provides nothing."""


@implementer(ICalled)
class Called(components.Adapter):
    """Adapts anything."""


@pytest.fixture(autouse=True)
def registry() -> Iterator[Any]:
    """The registry, which forgets what the test registered."""
    registry = components.getRegistry()
    before = list(registry.allRegistrations())
    yield registry
    for required, provided, name, factory in list(registry.allRegistrations()):
        if (required, provided, name, factory) not in before:
            registry.unregister(required, provided, name)


class TestAdapters:
    def test_calling_an_interface_makes_the_adapter(self) -> None:
        components.registerAdapter(Called, Plain, ICalled)
        plain = Plain()
        assert CALLED(plain).original is plain
        assert CALLED(5, None) is None
        with pytest.raises(TypeError, match="Could not adapt"):
            CALLED(5)

    def test_what_provides_an_interface_may_be_adapted_to_another(self) -> None:
        components.registerAdapter(Both, ICalled, INamed)
        called = Called(1)
        assert NAMED(called).original is called
        assert components.getAdapterFactory(ICalled, INamed, None) is Both
        assert components.getAdapterFactory(Called, INamed, None) is Both
        assert components.getAdapterFactory(Plain, INamed, "none") == "none"

    def test_there_is_one_adapter_unless_more_are_allowed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        components.registerAdapter(Called, Plain, ICalled)
        with pytest.raises(ValueError, match="already registered"):
            components.registerAdapter(Both, Plain, INamed, ICalled)
        assert NAMED(Plain(), None) is None
        monkeypatch.setattr(components, "ALLOW_DUPLICATES", 1)
        components.registerAdapter(lambda plain: "other", Plain, ICalled)
        assert CALLED(Plain()) == "other"

    def test_an_adapter_is_for_some_interface(self) -> None:
        with pytest.raises(TypeError, match="needs an Interface"):
            components.registerAdapter(Called, Plain)

    def test_an_adapter_has_what_its_object_has(self) -> None:
        class Conforming:
            def __conform__(self, interface: Any) -> object:
                return "conformed" if interface is INamed else None

            def isuper(self, iface: Any, adapter: Any) -> object:
                return (iface, adapter)

        adapter = Called(Conforming())
        assert NAMED(adapter) == "conformed"
        assert adapter.isuper(INamed, 1) == (INamed, 1)
        assert NAMED(Called(Plain()), None) is None


class Whole(components.Componentized):
    """Keeps its adapters."""


@implementer(ICalled, INamed)
class Both(components.Adapter):
    """Adapts to two Interfaces."""


class TestComponentized:
    def test_an_adapter_is_made_once(self) -> None:
        components.registerAdapter(Called, Whole, ICalled)
        whole = Whole()
        assert CALLED(whole) is CALLED(whole) is whole.getComponent(ICalled)
        assert CALLED(whole) is not CALLED(Whole())
        assert whole.getComponent(INamed) is None
        assert NAMED(whole, "none") == whole.getComponent(INamed, "none") == "none"

    def test_a_temporary_one_is_made_each_time(self) -> None:
        class Temporary(Called):
            temporaryAdapter = True

        components.registerAdapter(Temporary, Whole, ICalled)
        whole = Whole()
        assert CALLED(whole) is not CALLED(whole)

    def test_one_adapter_serves_all_that_it_is_registered_for(self) -> None:
        components.registerAdapter(Both, Whole, ICalled, INamed)
        whole = Whole()
        assert CALLED(whole) is NAMED(whole)

    def test_or_one_each_if_it_says_so(self) -> None:
        class Single(Both):
            multiComponent = False

        components.registerAdapter(Single, Whole, ICalled, INamed)
        whole = Whole()
        assert CALLED(whole) is not NAMED(whole)

    def test_what_makes_none_makes_no_adapter(self) -> None:
        components.registerAdapter(lambda whole: None, Whole, ICalled)
        assert CALLED(Whole(), "none") == "none"

    def test_adapters_are_set_and_taken_away(self) -> None:
        whole = Whole()
        whole.setComponent(ICalled, "mine")
        assert CALLED(whole) == "mine"
        whole.unsetComponent(ICalled)
        assert CALLED(whole, None) is None
        with pytest.raises(KeyError):
            whole.unsetComponent(ICalled)
        whole.setAdapter(ICalled, Called)
        assert CALLED(whole).original is whole

    def test_one_is_added_for_what_it_is_registered_for_or_for_all(self) -> None:
        components.registerAdapter(Both, Whole, ICalled)
        whole = Whole()
        both = whole.addAdapter(Both)
        assert CALLED(whole) is both
        assert NAMED(whole, None) is None
        whole.addComponent(both, ignoreClass=True)
        assert NAMED(whole) is both
        assert set(whole.removeComponent(both)) == {ICalled, INamed}
        assert NAMED(whole, None) is None

    def test_the_adapters_are_shown(self) -> None:
        whole = components.ReprableComponentized()
        whole.setComponent(ICalled, "mine")
        assert repr(whole) == f"<ReprableComponentized {{{__name__}.ICalled: 'mine'}}>"


class Original:
    """Is proxied."""

    value = 1

    def method(self, x: int) -> int:
        return x + 1


class TestProxies:
    def test_a_proxy_passes_on_what_the_interface_has(self) -> None:
        original = Original()
        proxy = components.proxyForInterface(ICalled)(original)
        assert proxy.original is original
        assert proxy.method(1) == 2
        proxy.value = 5
        assert original.value == proxy.value == 5
        del proxy.value
        assert original.value == 1
        assert verify.verifyObject(ICalled, proxy)

    def test_the_object_may_be_kept_elsewhere(self) -> None:
        proxy = components.proxyForInterface(ICalled, "_it")(Original())
        assert proxy._it.value == proxy.value == 1

    def test_a_class_passes_on_what_it_does_not_do_itself(self) -> None:
        base = components.proxyForInterface(ICalled)

        class Doubling(base):  # type: ignore[misc, valid-type]
            def method(self, x: int) -> int:
                asked: int = super().method(x)
                return 2 * asked

        class Old(base):  # type: ignore[misc, valid-type]
            def method(self, x: int) -> int:
                asked: int = base.method(self, x)
                return 3 * asked

        assert Doubling(Original()).method(1) == 4
        assert Old(Original()).method(1) == 6

    def test_a_method_of_the_proxy_can_be_replaced(self) -> None:
        original = Original()
        proxy = components.proxyForInterface(ICalled)(original)
        proxy.method = lambda x: "mine"
        assert proxy.method(1) == "mine"
        assert original.method(1) == 2

    def test_the_class_has_its_interfaces_name(self) -> None:
        proxy = components.proxyForInterface(ICalled)
        assert proxy.__name__ == f"(Proxy for {__name__}.ICalled)"
        assert proxy.method.__name__ == "method"
