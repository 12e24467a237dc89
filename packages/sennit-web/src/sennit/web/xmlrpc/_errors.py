"""What can go wrong with a message of XML-RPC, on its way in or out.

Over the wire there are only faults, `xmlrpc.client.Fault`; these errors are for the side
that reads or writes a message.
"""

from __future__ import annotations

__all__ = [
    "BadStatus",
    "BudgetExceeded",
    "CannotSend",
    "DocumentTypeRefused",
    "InvalidMessage",
    "MessageTooLong",
    "NestedTooDeep",
    "NoValue",
    "TooManyValues",
    "XMLRPCError",
]


class XMLRPCError(Exception):
    """Something is wrong with XML-RPC: the base of all its errors but faults."""


class InvalidMessage(XMLRPCError, ValueError):
    """What came is no XML, or XML that is no XML-RPC."""


class BadStatus(XMLRPCError, ValueError):
    """A server answered a call with a status other than 200.

    Attributes:
        status: The status, as digits.
        message: What it says of it for people.
    """

    def __init__(self, status: bytes, message: bytes) -> None:
        super().__init__(status, message)
        self.status: bytes = status
        self.message: bytes = message

    def __str__(self) -> str:
        return (self.status + b" " + self.message).decode("utf-8", "backslashreplace")


class DocumentTypeRefused(InvalidMessage):
    """What came declares a document type.

    Only there can entities be declared, and an entity can make gigabytes of a kilobyte,
    or read a file. XML-RPC has no use for either.
    """


class NoValue(InvalidMessage, IndexError):
    """An answer has no result in it, or a parameter no value."""


class BudgetExceeded(XMLRPCError, ValueError):
    """What came is more than is taken from strangers: the base of the three below."""


class MessageTooLong(BudgetExceeded):
    """A message has more bytes than are taken."""


class TooManyValues(BudgetExceeded):
    """A message has more values, or more markup, than are taken."""


class NestedTooDeep(BudgetExceeded):
    """Arrays and structs are nested deeper than is taken, or than can be sent.

    What contains itself is nested without an end.
    """


class CannotSend(XMLRPCError, TypeError):
    """A value has no form in XML-RPC: a large integer, say, or None without leave."""
