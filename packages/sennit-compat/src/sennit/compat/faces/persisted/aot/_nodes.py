"""What stands in a source for what is no literal: each a call of one of these classes."""

from __future__ import annotations

from typing import Any

__all__ = [
    "Class",
    "Copyreg",
    "Deref",
    "Function",
    "Instance",
    "InstanceMethod",
    "Module",
    "Named",
    "Node",
    "Ref",
]


class Node:
    """Something that is no literal."""


class Named(Node):
    """Something that is found by its name.

    Attributes:
        name: The name, with that of its module.
    """

    def __init__(self, name: str) -> None:
        self.name = name


class Class(Named):
    """A class."""


class Function(Named):
    """A function."""


class Module(Named):
    """A module."""


class Instance(Node):
    """An object.

    Args:
        className: The name of its class.
        *state: What the object is set up from, if that is no mapping of names.
        **named: Else its attributes.

    Attributes:
        klass: The name of its class.
        state: What it is set up from; None for nothing.
    """

    def __init__(self, className: str, /, *state: Any, **named: Any) -> None:
        self.klass = className
        self.state: Any = state[0] if state else named


class InstanceMethod(Node):
    """A method of an object.

    Attributes:
        name: The method's name.
        klass: The name of the object's class.
        instance: What stands for the object.
    """

    def __init__(self, name: str, klass: str, inst: Any) -> None:
        self.name = name
        self.klass = klass
        self.instance = inst


class Copyreg(Node):
    """What a function makes of arguments; see `copyreg`.

    Attributes:
        loadfunc: The name of the function.
        state: What stands for the arguments.
    """

    def __init__(self, loadfunc: str, state: Any) -> None:
        self.loadfunc = loadfunc
        self.state = state


class Deref(Node):
    """An object that has a number somewhere else.

    Attributes:
        refnum: The number.
    """

    def __init__(self, num: int) -> None:
        self.refnum = num

    def __repr__(self) -> str:
        return f"Deref({self.refnum})"


class Ref(Node):
    """An object that others refer to by a number.

    Attributes:
        refnum: The number; None if nobody refers to it.
        obj: What stands for the object.
    """

    def __init__(self, num: int | None = None, obj: Any = None) -> None:
        self.refnum = num
        self.obj: Any = obj

    def setRef(self, num: int) -> None:
        """Give it a number.

        Raises:
            ValueError: It has another.
        """
        if self.refnum not in (None, num):
            raise ValueError(f"it has the number {self.refnum}: it cannot be {num}")
        self.refnum = num

    def setObj(self, obj: Any) -> None:
        """Say what it is.

        Raises:
            ValueError: It is something.
        """
        if self.obj is not None:
            raise ValueError(f"it is {self.obj!r}: it cannot be {obj!r}")
        self.obj = obj
