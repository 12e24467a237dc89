"""A mapping whose keys are the same in small and in capital letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, Generic, TypeVar

__all__ = ["InsensitiveDict"]

K = TypeVar("K")
V = TypeVar("V")


class InsensitiveDict(MutableMapping[K, V], Generic[K, V]):
    """A mapping whose keys, `str` or `bytes`, are looked up whatever their case.

    Args:
        dict: What it begins with.
        preserve: Whether keys keep the case they were last given in; otherwise they
            are put in small letters.
    """

    def __init__(
        self, dict: Mapping[K, V] | None = None, preserve: bool | int = True
    ) -> None:
        # By the key in small letters: the key as given, and the value.
        self.data: MutableMapping[object, tuple[K, V]] = {}
        self.preserve = preserve
        self.update(dict or {})

    def _small(self, key: object) -> object:
        return key.lower() if isinstance(key, str | bytes) else key

    def __getitem__(self, key: K) -> V:
        return self.data[self._small(key)][1]

    def __setitem__(self, key: K, value: V) -> None:
        small: Any = self._small(key)
        self.data[small] = (key if self.preserve else small, value)

    def __delitem__(self, key: K) -> None:
        del self.data[self._small(key)]

    def __contains__(self, key: object) -> bool:
        return self._small(key) in self.data

    def __iter__(self) -> Iterator[K]:
        return iter([key for key, _ in self.data.values()])

    def __len__(self) -> int:
        return len(self.data)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        theirs = {self._small(key): value for key, value in other.items()}
        return {key: value for key, (_, value) in self.data.items()} == theirs

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self)!r})"

    def copy(self) -> InsensitiveDict[K, V]:
        """Another mapping with the same content."""
        return type(self)(self, self.preserve)

    def has_key(self, key: object) -> bool:
        """Whether there is such a key."""
        return key in self

    # Twisted's gives lists, which programs sort in place and take slices of.

    def keys(self) -> list[K]:  # type: ignore[override]
        """The keys, in a list."""
        return list(self)

    def values(self) -> list[V]:  # type: ignore[override]
        """The values, in a list."""
        return [value for _, value in self.data.values()]

    def items(self) -> list[tuple[K, V]]:  # type: ignore[override]
        """Keys with their values, in a list."""
        return list(self.data.values())

    def iterkeys(self) -> Iterator[K]:
        """The keys, one by one."""
        return iter(self)

    def itervalues(self) -> Iterator[V]:
        """The values, one by one."""
        return iter(self.values())

    def iteritems(self) -> Iterator[tuple[K, V]]:
        """Keys with their values, one by one."""
        return iter(self.items())
