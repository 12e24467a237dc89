"""Perspective Broker: objects of one program, called from another.

Give a `Root` to a `PBServerFactory`, get a reference to it from a `PBClientFactory`, and
call its ``remote_`` methods by ``callRemote``. What goes as an argument or a result goes
by value, as a reference, or as a copy; see `Referenceable`, `Viewable`, `Copyable` and
`Cacheable`. With a portal in place of the root, each user who logs in has an `Avatar`.
"""

from __future__ import annotations

from typing import Final

from sennit.spread.interfaces import (
    IJellyable as IJellyable,
    IPBRoot as IPBRoot,
    IPerspective as IPerspective,
    IUnjellyable as IUnjellyable,
    IUsernameMD5Password as IUsernameMD5Password,
)
from sennit.spread.jelly import (
    Jellyable as Jellyable,
    Unjellyable as Unjellyable,
    defaultRegistry,
    globalSecurity as globalSecurity,
    setUnjellyableFactoryForClass as setUnjellyableFactoryForClass,
    setUnjellyableForClass as setUnjellyableForClass,
    setUnjellyableForClassTree as setUnjellyableForClassTree,
    unjellyableRegistry as copyTags,
)
from sennit.spread.pb._avatars import Avatar as Avatar
from sennit.spread.pb._broker import Broker as Broker
from sennit.spread.pb._caches import (
    Cacheable as Cacheable,
    RemoteCache as RemoteCache,
    RemoteCacheMethod as RemoteCacheMethod,
    RemoteCacheObserver as RemoteCacheObserver,
)
from sennit.spread.pb._errors import (
    BrokerLimitExceeded as BrokerLimitExceeded,
    DeadReferenceError as DeadReferenceError,
    Error as Error,
    NoSuchMethod as NoSuchMethod,
    NotSerializable as NotSerializable,
    PBConnectionLost as PBConnectionLost,
    PeerTimeout as PeerTimeout,
    ProtocolError as ProtocolError,
    RemoteError as RemoteError,
    RemoteTraceback as RemoteTraceback,
    TooManyCalls as TooManyCalls,
    TooManyReferences as TooManyReferences,
)
from sennit.spread.pb._factories import (
    PBClientFactory as PBClientFactory,
    PBServerFactory as PBServerFactory,
)
from sennit.spread.pb._failures import (
    CopiedFailure as CopiedFailure,
    CopyableFailure as CopyableFailure,
    failure2Copyable as failure2Copyable,
)
from sennit.spread.pb._flavors import (
    Copyable as Copyable,
    Referenceable as Referenceable,
    RemoteCopy as RemoteCopy,
    Root as Root,
    Serializable as Serializable,
    Viewable as Viewable,
    ViewPoint as ViewPoint,
)
from sennit.spread.pb._holdings import MAX_BROKER_REFS as MAX_BROKER_REFS
from sennit.spread.pb._login import challenge as challenge, respond as respond
from sennit.spread.pb._references import (
    AsReferenceable as AsReferenceable,
    RemoteMethod as RemoteMethod,
    RemoteReference as RemoteReference,
)
from sennit.spread.pb._tables import Local as Local
from sennit.spread.pb._tags import register as _register

_register(defaultRegistry)

portno: Final = 8787
"""The port that servers of objects listen on, where nobody has chosen another."""

setCopierForClass = setUnjellyableForClass
setCopierForClassTree = setUnjellyableForClassTree
setFactoryForClass = setUnjellyableFactoryForClass

__all__ = [
    "AsReferenceable",
    "Avatar",
    "Broker",
    "BrokerLimitExceeded",
    "Cacheable",
    "CopiedFailure",
    "Copyable",
    "CopyableFailure",
    "DeadReferenceError",
    "Error",
    "IJellyable",
    "IPBRoot",
    "IPerspective",
    "IUnjellyable",
    "IUsernameMD5Password",
    "Jellyable",
    "Local",
    "MAX_BROKER_REFS",
    "NoSuchMethod",
    "NotSerializable",
    "PBClientFactory",
    "PBConnectionLost",
    "PBServerFactory",
    "PeerTimeout",
    "ProtocolError",
    "Referenceable",
    "RemoteCache",
    "RemoteCacheMethod",
    "RemoteCacheObserver",
    "RemoteCopy",
    "RemoteError",
    "RemoteMethod",
    "RemoteReference",
    "RemoteTraceback",
    "Root",
    "Serializable",
    "TooManyCalls",
    "TooManyReferences",
    "Unjellyable",
    "ViewPoint",
    "Viewable",
    "challenge",
    "copyTags",
    "failure2Copyable",
    "globalSecurity",
    "portno",
    "respond",
    "setCopierForClass",
    "setCopierForClassTree",
    "setFactoryForClass",
    "setUnjellyableFactoryForClass",
    "setUnjellyableForClass",
    "setUnjellyableForClassTree",
]

# The name that a traceback shows, and that goes over the wire, is the one to import by.
for _name in __all__:
    _kind = globals()[_name]
    if isinstance(_kind, type) and issubclass(_kind, BaseException):
        _kind.__module__ = __name__
NoSuchMethod.__module__ = "sennit.spread.flavors"
