"""TLS without I/O: plain text to bytes of TLS, and back.

The work is the standard library's: an `ssl.SSLObject` between two buffers in memory.
What is added are the errors' names, and whole answers where OpenSSL has return codes.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Final

from sennit.core.engine._tls._errors import named
from sennit.core.errors import SSLError

if TYPE_CHECKING:
    from sennit.core.tls import TLSOptions

__all__ = ["TLSCodec"]

# The most plain text that a record carries, in bytes (RFC 8446 §5.1).
_RECORD: Final = 16384


class TLSCodec:
    """One side of one TLS connection.

    Attributes:
        ssl: The standard library's object, to be asked what was agreed on.
        put: Takes bytes that came from the other side.
        take: Gives the bytes for the other side; empty if there are none.
        error: What is wrong with what came, once something is.
        ended: Whether the other side has said that no more will come.
    """

    def __init__(self, options: TLSOptions) -> None:
        """Begin.

        Raises:
            SSLError: The options are no good for a connection: a name is no name.
        """
        self.error: SSLError | None = None
        self.ended: bool = False
        incoming = ssl.MemoryBIO()
        outgoing = ssl.MemoryBIO()
        try:
            self.ssl: ssl.SSLObject = options.begin(incoming, outgoing)
        except SSLError:
            raise  # of another library's, which has named it
        except (OSError, ValueError) as error:
            raise SSLError(string=error) from error
        self.put = incoming.write
        self.take = outgoing.read
        self._incoming = incoming
        self._encrypt = self.ssl.write
        self._decrypt = self.ssl.read

    @property
    def pending(self) -> bool:
        """Whether something was put that has not been decrypted."""
        return self._incoming.pending > 0

    def handshake(self) -> bool:
        """Go on with the handshake.

        Returns:
            Whether it is done; if not, more of the other side is needed.

        Raises:
            SSLError: It has failed. There may be an alert to `take`, which says why.
        """
        try:
            self.ssl.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except SSLError:
            raise  # of another library's, which has named it
        except (ssl.SSLError, ValueError) as error:
            raise named(error) from error
        return True

    def encrypt(self, data: bytes) -> bytes:
        """Make TLS of plain text.

        Returns:
            The bytes for the other side, with all others that there are.

        Raises:
            SSLError: The other side must not, or cannot, be written to any more.
        """
        try:
            at = self._encrypt(data)
            if at < len(data):  # another library takes a record at a time
                with memoryview(data) as view:
                    while at < len(view):
                        at += self._encrypt(view[at:])
        except SSLError:
            raise  # of another library's, which has named it
        except ssl.SSLError as error:
            raise named(error) from error
        return self.take()

    def decrypt(self) -> bytes:
        """Make plain text of all that was put.

        Returns:
            What came, in one piece, up to the end or an error: see `ended`, `error`.
        """
        pieces: list[bytes] = []
        try:
            while True:
                data = self._decrypt(_RECORD)
                if not data:
                    self._end_reading()
                    break
                pieces.append(data)
                if not self._incoming.pending:
                    break
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self._end_reading()
        except ssl.SSLError as error:
            self.error = error if isinstance(error, SSLError) else named(error)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _end_reading(self) -> None:
        self.ended = True
        self._incoming.read()  # what follows is ignored (RFC 8446 §6.1)

    def end(self) -> bool:
        """Say that no more will be written (close_notify), which is then to `take`.

        Returns:
            Whether the other side has said so before, in what was decrypted.
        """
        # OpenSSL looks for their answer here, and is broken if there is data before it.
        later = self._incoming.read()
        try:
            self.ssl.unwrap()
        except ssl.SSLError:
            return False  # it waits for theirs, or there is nothing left to agree on
        finally:
            self._incoming.write(later)
        return True
