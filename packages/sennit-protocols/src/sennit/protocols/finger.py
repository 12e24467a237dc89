"""The Finger protocol (RFC 1288): who is that?"""

from __future__ import annotations

from sennit.protocols.basic import LineReceiver

__all__ = ["Finger"]


class Finger(LineReceiver):
    """Answers one question, and hangs up; it tells nothing unless it is overridden.

    A user name in an answer comes from who asks: write nothing of it to a terminal
    unread.
    """

    # A name, a host and a few signs; no user has a longer one.
    MAX_LENGTH: int = 1024

    def lineReceived(self, line: bytes) -> None:
        """Read the question, by RFC 1288, section 2.3: ``[/W] [user][@host]``."""
        parts = line.split()
        verbose = bool(parts) and parts[0].upper() == b"/W"
        user = parts[-1] if len(parts) > verbose else b""
        if b"@" in user:
            name, _, host = user.rpartition(b"@")
            self.forwardQuery(verbose, name, host)
        elif user:
            self.getUser(verbose, user)
        else:
            self.getDomain(verbose)

    def forwardQuery(self, slash_w: bool, user: bytes, host: bytes) -> None:
        """Ask another host; refused, as RFC 1288 recommends (section 3.2.1).

        Args:
            slash_w: Whether to tell much.
            user: The name, which may have more hosts at its end.
            host: The host.
        """
        self.refuse(b"Finger forwarding service denied")

    def getDomain(self, slash_w: bool) -> None:
        """Tell who is logged in; refused.

        Args:
            slash_w: Whether to tell much.
        """
        self.refuse(b"Finger online list denied")

    def getUser(self, slash_w: bool, user: bytes) -> None:
        """Tell of a user; there is none.

        Args:
            slash_w: Whether to tell much.
            user: The name.
        """
        self.refuse(b"Login: " + user + b"\nNo such user")

    def refuse(self, message: bytes) -> None:
        """Say a line, and hang up."""
        self.transport.write(message + b"\n")
        self.transport.loseConnection()
