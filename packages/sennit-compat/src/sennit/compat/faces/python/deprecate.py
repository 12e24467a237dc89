"""``twisted.python.deprecate``: what is old says so when it is used."""

from __future__ import annotations

import functools
import inspect
import sys
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from sennit.compat.faces.python.reflect import fullyQualifiedName
from sennit.compat.faces.python.versions import Version, getVersionString

__all__ = [
    "DEPRECATION_WARNING_FORMAT",
    "deprecated",
    "deprecatedKeywordParameter",
    "deprecatedModuleAttribute",
    "deprecatedProperty",
    "getDeprecationWarningString",
    "getWarningMethod",
    "setWarningMethod",
    "warnAboutFunction",
]

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")

DEPRECATION_WARNING_FORMAT = "%(fqpn)s was deprecated in %(version)s"

Replacement = str | Callable[..., object] | None

# How a warning is made known; `setWarningMethod` alone changes it.
_method: list[Callable[..., object]] = [warnings.warn]


def getWarningMethod() -> Callable[..., object]:
    """What is called, as `warnings.warn` would be, when something old is used."""
    return _method[0]


def setWarningMethod(newMethod: Callable[..., object]) -> None:
    """Set what is called when something old is used."""
    _method[0] = newMethod


def getDeprecationWarningString(
    callableThing: Callable[..., object],
    version: Version,
    format: str | None = None,
    replacement: Replacement = None,
) -> str:
    """What is said of something old.

    Args:
        callableThing: It.
        version: The version that made it old.
        format: The text, with ``%(fqpn)s`` and ``%(version)s``.
        replacement: What to use instead, or its name.
    """
    return _text(fullyQualifiedName(callableThing), version, format, replacement)


def _text(
    name: str,
    version: Version,
    form: str | None = None,
    replacement: Replacement = None,
) -> str:
    told = (form or DEPRECATION_WARNING_FORMAT) % {
        "fqpn": name,
        "version": getVersionString(version),
    }
    if replacement is None:
        return told
    other = replacement
    if not isinstance(other, str):
        other = fullyQualifiedName(other)
    return f"{told}; please use {other} instead"


def _warn(text: str) -> None:
    getWarningMethod()(text, DeprecationWarning, stacklevel=3)


def _documented(doc: str | None, form: str, version: Version, new: Replacement) -> str:
    """A docstring that says that what it is of is old."""
    told = _text("", version, form, new)
    return f"{inspect.cleandoc(doc)}\n\n{told}.\n" if doc else f"{told}."


def deprecated(
    version: Version, replacement: Replacement = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function or class as old.

    Args:
        version: The version that made it old.
        replacement: What to use instead, or its name.
    """

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        text = getDeprecationWarningString(function, version, None, replacement)

        @functools.wraps(function)
        def warned(*args: P.args, **kwargs: P.kwargs) -> R:
            _warn(text)
            return function(*args, **kwargs)

        vars(warned)["deprecatedVersion"] = version
        form = "Deprecated in %(version)s"
        warned.__doc__ = _documented(function.__doc__, form, version, replacement)
        return warned

    return mark


class _Property(property):
    """A property that says that it is old; its setter and deleter do, too."""

    text = ""

    @classmethod
    def make(cls, text: str, doc: str | None, *functions: Any) -> property:
        """A property of getter, setter and deleter, with the text it warns with."""
        made = cls(*functions)
        made.text = text
        # Given to the constructor it would not cover this class' own.
        made.__doc__ = doc
        return made

    def __get__(self, instance: Any, owner: type[Any] | None = None, /) -> Any:
        if instance is not None:
            _warn(self.text)
        return super().__get__(instance, owner)

    def __set__(self, instance: Any, value: Any, /) -> None:
        if self.fset is not None:
            _warn(self.text)
        super().__set__(instance, value)

    def __delete__(self, instance: Any, /) -> None:
        if self.fdel is not None:
            _warn(self.text)
        super().__delete__(instance)

    def setter(self, fset: Callable[[Any, Any], None], /) -> property:
        return self.make(self.text, self.__doc__, self.fget, fset, self.fdel)

    def deleter(self, fdel: Callable[[Any], None], /) -> property:
        return self.make(self.text, self.__doc__, self.fget, self.fset, fdel)


def deprecatedProperty(
    version: Version, replacement: Replacement = None
) -> Callable[[Callable[[Any], Any]], property]:
    """Make a property that is old.

    Args:
        version: The version that made it old.
        replacement: What to use instead, or its name.
    """

    def mark(getter: Callable[[Any], Any]) -> property:
        text = getDeprecationWarningString(getter, version, None, replacement)
        form = "Deprecated in %(version)s"
        doc = _documented(getter.__doc__, form, version, replacement)
        return _Property.make(text, doc, getter)

    return mark


def deprecatedKeywordParameter(
    version: Version, name: str, replacement: str | None = None
) -> Callable[[F], F]:
    """Mark a parameter of a function as old.

    Args:
        version: The version that made it old.
        name: The parameter's name.
        replacement: The parameter to use instead.
    """

    def mark(function: F) -> F:
        places = list(inspect.signature(function).parameters)
        where = f"The {name!r} parameter to {fullyQualifiedName(function)}"
        text = _text(where, version, None, replacement)

        @functools.wraps(function)
        def warned(*args: Any, **kwargs: Any) -> Any:
            if name in kwargs or (name in places and len(args) > places.index(name)):
                _warn(text)
            return function(*args, **kwargs)

        form = f"The {name!r} parameter was deprecated in %(version)s"
        warned.__doc__ = _documented(function.__doc__, form, version, replacement)
        return warned  # type: ignore[return-value]

    return mark


_IMPORT = "<frozen importlib._bootstrap>"


class _WatchedModule(ModuleType):
    """A module some of whose attributes are old."""

    def __getattribute__(self, name: str) -> Any:
        names = super().__getattribute__("__dict__")
        texts = names.get("_deprecated_attributes", ())
        # An import looks whether the name is there before it takes it: told once.
        if name in texts and sys._getframe(1).f_code.co_filename != _IMPORT:
            _warn(texts[name])
        return super().__getattribute__(name)


def deprecatedModuleAttribute(
    version: Version, message: str, moduleName: str, name: str
) -> None:
    """Mark an attribute of a module as old.

    Args:
        version: The version that made it old.
        message: What to do instead.
        moduleName: The module's name.
        name: The attribute's name.
    """
    module = sys.modules[moduleName]
    module.__class__ = _WatchedModule
    texts = vars(module).setdefault("_deprecated_attributes", {})
    texts[name] = f"{_text(f'{moduleName}.{name}', version)}: {message}"


def warnAboutFunction(offender: Callable[..., object], warningString: str) -> None:
    """Warn of how a function is written: the warning points at its last line.

    Args:
        offender: The function.
        warningString: What is wrong with it.
    """
    code = offender.__code__
    warnings.warn_explicit(
        warningString,
        DeprecationWarning,
        filename=code.co_filename,
        lineno=max(line for _, _, line in code.co_lines() if line is not None),
        module=offender.__module__,
        registry=offender.__globals__.setdefault("__warningregistry__", {}),
    )
