"""The tree that patterns make, in which a path finds its way by one look a segment.

A word is preferred to a parameter, a parameter to the rest of the path; among parameters
the one that was added first. Where a way leads nowhere, the next is tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sennit.web.router._pattern import REST, BadPattern, Convert, Parameter

__all__ = ["Node", "Route"]


class Route:
    """What answers a method.

    Attributes:
        handler: Called with the request and the parameters.
        streamsBody: Whether before the request's body is there.
    """

    __slots__ = ("handler", "streamsBody")

    def __init__(self, handler: Any, streamsBody: bool) -> None:
        self.handler = handler
        self.streamsBody = streamsBody


class Node:
    """A place in the tree: what is there, and where the next segment leads."""

    __slots__ = ("branches", "methods", "words")

    def __init__(self) -> None:
        self.methods: dict[bytes, Route] = {}
        self.words: dict[bytes, Node] = {}
        # Those that take one segment, and at the end those that take the rest.
        self.branches: list[tuple[Parameter, Convert, Node]] = []

    def add(
        self, segments: Sequence[bytes | Parameter], types: Mapping[str, Convert]
    ) -> Node:
        """The place of a pattern, made where there is none yet."""
        node = self
        for each in segments:
            if isinstance(each, bytes):
                node = node.words.setdefault(each, Node())
            else:
                node = node.branch(each, types[each.type])
        return node

    def branch(self, parameter: Parameter, convert: Convert) -> Node:
        """Where a parameter leads."""
        for known, _, node in self.branches:
            if known == parameter:
                return node
        made = Node()
        self.branches.append((parameter, convert, made))
        self.branches.sort(key=lambda each: each[0].type == REST)
        return made

    def put(self, method: bytes, route: Route, pattern: str) -> None:
        """Have a method answered here.

        Raises:
            BadPattern: It is already.
        """
        if method in self.methods:
            raise BadPattern(f"{method.decode()} {pattern!r} is there already")
        self.methods[method] = route

    def find(
        self, path: Sequence[bytes], at: int, values: dict[str, Any]
    ) -> dict[bytes, Route] | None:
        """What is at the end of a path.

        Args:
            path: Its segments.
            at: How many of them have led here.
            values: Where the parameters are put.

        Returns:
            The routes by method; None if the path leads nowhere.
        """
        if at == len(path):
            return self.methods or None
        node = self.words.get(path[at])
        if node is not None:
            found = node.find(path, at + 1, values)
            if found is not None:
                return found
        if self.branches and path[at]:
            return self._find_by_parameter(path, at, values)
        return None

    def _find_by_parameter(
        self, path: Sequence[bytes], at: int, values: dict[str, Any]
    ) -> dict[bytes, Route] | None:
        for parameter, convert, node in self.branches:
            rest = parameter.type == REST
            try:
                value = convert(_rest(path[at:]) if rest else path[at].decode())
            except ValueError:
                continue
            found = node.find(path, len(path) if rest else at + 1, values)
            if found is not None:
                values[parameter.name] = value
                return found
        return None


def _rest(segments: Sequence[bytes]) -> str:
    # Nobody is led out of a folder by a path: not by dots, and not by a slash that was
    # quoted, which would be two segments once it is joined.
    for each in segments:
        if each in (b".", b"..") or b"/" in each or b"\0" in each:
            raise ValueError(f"{each!r} is no segment of a path")
    return b"/".join(segments).decode()
