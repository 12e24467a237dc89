"""SIP URLs, and the addresses that hold them: ``"Bell" <sip:bell@host>;tag=x``.

RFC 3261 section 19.1 has the form of a URL, section 20.10 that of an address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sennit.protocols.sip._errors import MalformedMessage

__all__ = [
    "PORT",
    "URL",
    "cleanRequestURL",
    "number",
    "parseAddress",
    "parseURL",
    "unq",
]

PORT = 5060

# In the order in which they are written; the attribute beside the name on the wire.
_PARAMETERS = (
    ("user", "usertype"),
    ("transport", "transport"),
    ("ttl", "ttl"),
    ("maddr", "maddr"),
    ("method", "method"),
    ("tag", "tag"),
)
_ATTRIBUTES = dict(_PARAMETERS)


def number(text: str, what: str) -> int:
    """Read a decimal number.

    Raises:
        MalformedMessage: It is none; *what* says what it should have been.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise MalformedMessage(f"{what} is no number: {text!r:.60}")
    return int(text)


def unq(s: str) -> str:
    """Take the quotation marks from around a text, if they are there."""
    if len(s) > 1 and s[0] == s[-1] == '"':
        return s[1:-1]
    return s


class URL:
    """A ``sip:`` URL.

    Args:
        host: the domain, or the machine.
        username: whose URL it is.
        password: which nobody should write into a URL.
        port: None where it is not written, which means 5060.
        transport: such as ``udp``.
        usertype: ``phone`` or ``ip``; on the wire ``user``.
        method: of the request that is to be made.
        ttl: of datagrams to many.
        maddr: the address to send to in place of the host's.
        tag: of classic SIP.
        other: parameters without a name here, as they are written.
        headers: of the request that is to be made.
    """

    def __init__(
        self,
        host: str,
        username: str | None = None,
        password: str | None = None,
        port: int | None = None,
        transport: str | None = None,
        usertype: str | None = None,
        method: str | None = None,
        ttl: int | None = None,
        maddr: str | None = None,
        tag: str | None = None,
        other: Sequence[str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.username = username
        self.host = host
        self.password = password
        self.port = port
        self.transport = transport
        self.usertype = usertype
        self.method = method
        self.tag = tag
        self.ttl = ttl
        self.maddr = maddr
        self.other: list[str] = list(other or ())
        self.headers: dict[str, str] = dict(headers or {})

    def toString(self) -> str:
        """Write it."""
        written = ["sip:"]
        if self.username is not None:
            written.append(self.username)
            if self.password is not None:
                written.append(f":{self.password}")
            written.append("@")
        written.append(self.host)
        if self.port is not None:
            written.append(f":{self.port}")
        for name, attribute in _PARAMETERS:
            value = getattr(self, attribute)
            if value is not None:
                written.append(f";{name}={value}")
        written.extend(f";{each}" for each in self.other)
        if self.headers:
            headers = "&".join(
                f"{name}={value}" for name, value in self.headers.items()
            )
            written.append(f"?{headers}")
        return "".join(written)

    __str__ = toString

    def __repr__(self) -> str:
        return f"<URL {self.toString()}>"


def parseURL(url: str, host: str | None = None, port: int | None = None) -> URL:
    """Read a URL.

    Args:
        url: beginning with ``sip:``.
        host: takes the place of the one that is written.
        port: likewise.

    Raises:
        MalformedMessage: It is no SIP URL, or a number in it is none.
    """
    scheme, colon, rest = url.partition(":")
    if not colon or scheme.lower() != "sip":
        raise MalformedMessage(f"not a sip: URL: {url!r:.60}")
    user, at, place = rest.rpartition("@")
    username, marked, password = user.partition(":")
    place, _, asked = place.partition("?")
    place, *parameters = place.split(";")
    written_host, written_port = _split_host(place)
    made = URL(
        written_host if host is None else host,
        username if at else None,
        password if marked else None,
        written_port if port is None else port,
    )
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or name not in _ATTRIBUTES:
            made.other.append(parameter)
        elif name == "ttl":
            made.ttl = number(value, "the ttl of a URL")
        else:
            setattr(made, _ATTRIBUTES[name], value)
    for header in filter(None, asked.split("&")):
        name, equals, value = header.partition("=")
        if not equals:
            raise MalformedMessage(f"a header of a URL without a value: {header!r:.60}")
        made.headers[name] = value
    return made


def _split_host(place: str) -> tuple[str, int | None]:
    """Return host and port; an IPv6 address keeps its brackets."""
    end = place.find("]") + 1 if place.startswith("[") else 0
    colon = place.find(":", end)
    if colon < 0:
        return place, None
    return place[:colon], number(place[colon + 1 :], "the port of a URL")


def cleanRequestURL(url: URL) -> None:
    """Take away what the URL of a request must not have (RFC 3261 section 19.1.1)."""
    url.transport = None
    url.maddr = None
    url.ttl = None
    url.headers = {}


def parseAddress(
    address: str, host: str | None = None, port: int | None = None, clean: bool = False
) -> tuple[str, URL, dict[str, str]]:
    """Read an address, as in the headers From, To and Contact.

    Args:
        address: a URL, or a name and a URL in angle brackets, and parameters.
        host: takes the place of that of the URL.
        port: likewise.
        clean: whether the URL is made fit for a request, see `cleanRequestURL`.

    Returns:
        The name, empty if there is none; the URL; the parameters.

    Raises:
        MalformedMessage: It is no address.
    """
    address = address.strip()
    name, parameters = "", {}
    written = address
    if address[:4].lower() != "sip:":
        start = _end_of_quoted(address)
        name, opened, rest = address[start:].partition("<")
        written, closed, after = rest.partition(">")
        if not opened or not closed:
            raise MalformedMessage(f"an address without a <URL>: {address!r:.60}")
        name = unq((address[:start] + name).strip())
        for parameter in after.split(";")[1:]:
            key, _, value = parameter.partition("=")
            parameters[key.strip()] = value.strip()
    url = parseURL(written, host, port)
    if clean:
        cleanRequestURL(url)
    return name, url, parameters


def _end_of_quoted(address: str) -> int:
    """Return where a name in quotation marks ends, in which a ``<`` opens nothing."""
    if not address.startswith('"'):
        return 0
    at = 1
    while at < len(address) and address[at] != '"':
        at += 2 if address[at] == "\\" else 1
    return at + 1
