"""AmpBox: what is sent and received, keys and values of bytes."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

from sennit.protocols.amp._errors import MalformedAmpBox, TooLong
from sennit.protocols.amp._names import wire_name
from sennit.protocols.amp._wire import MAX_KEY_LENGTH, BoxReader, serialized

if TYPE_CHECKING:
    from sennit.protocols.amp.contracts import IBoxSender

__all__ = [
    "ANSWER",
    "ASK",
    "COMMAND",
    "ERROR",
    "ERROR_CODE",
    "ERROR_DESCRIPTION",
    "AmpBox",
    "Box",
    "QuitBox",
    "parse",
    "parseString",
    "split",
]

ASK: Final = b"_ask"
ANSWER: Final = b"_answer"
COMMAND: Final = b"_command"
ERROR: Final = b"_error"
ERROR_CODE: Final = b"_error_code"
ERROR_DESCRIPTION: Final = b"_error_description"

# Who parses a string or a file has it already: it is no stranger that fills memory.
_ALL: Final = 1 << 62


class AmpBox(dict[bytes, bytes]):
    """A message: keys of 1 to 255 bytes, and values of up to 65,535.

    It is made like a dictionary; names given as ``str`` become bytes.
    """

    def __init__(self, /, *args: Any, **kw: bytes) -> None:
        super().__init__()
        for key, value in dict(*args, **kw).items():
            self[wire_name(key)] = value

    def copy(self) -> AmpBox:
        """Make another box with the same content."""
        return type(self)(self)

    def serialize(self) -> bytes:
        """Make the bytes that stand for it on the wire.

        Raises:
            TooLong: A key or a value is longer than the wire can carry.
            TypeError: One of them is no bytes; keys may be ``str``.
        """
        named = ((wire_name(key), value) for key, value in self.items())
        return serialized(sorted(named))

    def send_to(self, sender: IBoxSender) -> None:
        """Send it; what is to happen along with it, happens."""
        sender.sendBox(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({super().__repr__()})"


Box = AmpBox


class QuitBox(AmpBox):
    """A box after which the connection is closed."""

    def __repr__(self) -> str:
        return f"QuitBox(**{AmpBox(self)!r})"

    def send_to(self, sender: IBoxSender) -> None:
        """Send it, and close the connection."""
        super().send_to(sender)
        transport = getattr(sender, "transport", None)
        if transport is not None:
            transport.loseConnection()


def parse(fileObj: IO[bytes]) -> list[AmpBox]:
    """Read all boxes of a file.

    Args:
        fileObj: Open for reading bytes; a box that is not complete is left out.

    Raises:
        MalformedAmpBox: What is in it is no AMP.
    """
    return parseString(fileObj.read())


def parseString(string: bytes) -> list[AmpBox]:
    """Read all boxes of a string.

    Args:
        string: Boxes, one after another; one that is not complete is left out.

    Raises:
        MalformedAmpBox: What is in it is no AMP: a key has more than 255 bytes.
    """
    return split(string)[0]


def split(string: bytes) -> tuple[list[AmpBox], bytes]:
    """Read all boxes of a string; give them, and what is left."""
    reader = BoxReader(AmpBox, _ALL, _ALL)
    reader.feed(string)
    boxes: list[AmpBox] = []
    try:
        boxes.extend(reader.boxes())
    except TooLong as error:
        raise MalformedAmpBox(
            f"a key of more than {MAX_KEY_LENGTH} bytes after {len(boxes)} boxes"
        ) from error
    return boxes, reader.rest()
