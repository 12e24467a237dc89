"""Objects that say themselves how they travel, and the plain state of those that do not."""

from __future__ import annotations

from types import MemberDescriptorType
from typing import Any

from sennit.spread.jelly._atoms import name_bytes, unpersistable_atom
from sennit.spread.jelly._errors import MalformedJelly

__all__ = [
    "Jellyable",
    "Unjellyable",
    "Unpersistable",
    "blank",
    "getInstanceState",
    "plain_state",
    "setInstanceState",
    "set_plain_state",
]


def plain_state(instance: object) -> Any:
    """Give the state of an object: what its ``__getstate__`` gives; None if it has none."""
    return instance.__getstate__()


def blank(cls: Any) -> Any:
    """Make an instance without ``__init__``."""
    return cls.__new__(cls)


def set_plain_state(instance: Any, state: Any) -> None:
    """Give an object its state: by its ``__setstate__``, or as its attributes.

    Raises:
        MalformedJelly: It has no ``__setstate__``, and the state is no dictionary.
    """
    if hasattr(instance, "__setstate__"):
        instance.__setstate__(state)
        return
    slots = None
    if type(state) is tuple and len(state) == 2:
        state, slots = state
    if type(state) is dict and hasattr(instance, "__dict__"):
        instance.__dict__ = state
    elif state is not None and state != {}:
        raise _no_state(instance, state)
    if slots is not None:
        _set_slots(instance, slots)


def _set_slots(instance: Any, slots: Any) -> None:
    if type(slots) is not dict:
        raise _no_state(instance, slots)
    for name, value in slots.items():
        if type(name) is not str or not isinstance(
            getattr(type(instance), name, None), MemberDescriptorType
        ):
            raise _no_state(instance, slots)
        setattr(instance, name, value)


def _no_state(instance: Any, state: Any) -> MalformedJelly:
    kind = type(instance).__name__
    return MalformedJelly(f"no state of a {kind}: {type(state).__name__}")


class Jellyable:
    """An object that travels by its class's name and a state that it chooses."""

    def getStateFor(self, jellier: Any) -> Any:
        """Give the state; all attributes, unless overridden.

        Args:
            jellier: What works on the message; ``invoker`` is whom it is for.
        """
        return self.__dict__

    def jellyFor(self, jellier: Any) -> Any:
        """Make the expression: the name of the class, and the state.

        Args:
            jellier: What works on the message.
        """
        expression: list[Any] = jellier.prepare(self)
        state = jellier.jelly(self.getStateFor(jellier))
        expression += [name_bytes(type(self)), state]
        return jellier.preserve(self, expression)


class Unjellyable:
    """An object that takes from what has come the state that it will have.

    It is made without a call of ``__init__``.
    """

    def setStateFor(self, unjellier: Any, state: Any) -> None:
        """Take the state; its items become attributes, unless overridden.

        Args:
            unjellier: What works on the message; ``invoker`` is who had it.
            state: Whatever the other side has sent.

        Raises:
            MalformedJelly: It is no dictionary.
        """
        if type(state) is not dict:
            raise _no_state(self, state)
        self.__dict__ = state

    def unjellyFor(self, unjellier: Any, jellyList: list[Any]) -> Any:
        """Take the expression.

        Args:
            unjellier: What works on the message.
            jellyList: The name, and the state.

        Returns:
            The object; mostly this one.
        """
        if len(jellyList) < 2:
            raise MalformedJelly(f"{type(self).__name__} has come without its state")
        state = unjellier.unjelly(jellyList[1])
        self.setStateFor(unjellier, state)
        return self


class Unpersistable(Jellyable):
    """Stands for what could not travel.

    Attributes:
        reason: Why, for people.
    """

    def __init__(self, reason: Any) -> None:
        self.reason = reason

    def jellyFor(self, jellier: Any) -> Any:
        """Travel as what it stands for: something that could not."""
        return [unpersistable_atom, name_bytes(str(self.reason))]

    def __repr__(self) -> str:
        return f"Unpersistable({self.reason!r})"


def getInstanceState(inst: Any, jellier: Any) -> Any:
    """Make the expression of an object by its plain state: for a ``jellyFor``."""
    expression: list[Any] = jellier.prepare(inst)
    state = jellier.jelly(plain_state(inst))
    expression += [name_bytes(type(inst)), state]
    return jellier.preserve(inst, expression)


def setInstanceState(inst: Any, unjellier: Any, jellyList: list[Any]) -> Any:
    """Take an expression as plain state: for an ``unjellyFor``."""
    set_plain_state(inst, unjellier.unjelly(jellyList[1]))
    return inst
