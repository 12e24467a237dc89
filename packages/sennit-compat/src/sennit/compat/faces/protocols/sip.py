"""``twisted.protocols.sip``: its proxies do not answer whom they refuse."""

from __future__ import annotations

from sennit.protocols import sip
from sennit.protocols.sip.interfaces import IContact as IContact

__all__ = sorted([*sip.__all__, "IContact"])

globals().update({name: getattr(sip, name) for name in sip.__all__})


class Proxy(sip.Proxy):
    """As it is, but what goes in a circle is dropped."""

    answersRefused = False


class RegisterProxy(sip.RegisterProxy):
    """As it is, but who is not known gets no answer."""

    answersRefused = False
