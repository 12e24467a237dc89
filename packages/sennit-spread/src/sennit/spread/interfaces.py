"""The contracts of remote objects as zope Interfaces, for whoever asks at run time.

Type checkers see the Protocols of `sennit.spread.contracts`, from which these are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sennit.spread.contracts import (
        IJellyable as IJellyable,
        IPBRoot as IPBRoot,
        IPerspective as IPerspective,
        IUnjellyable as IUnjellyable,
        IUsernameMD5Password as IUsernameMD5Password,
    )
else:
    from typing import Protocol

    from zope.interface import Interface

    from sennit.core._interfaces import declare, derive
    from sennit.core.cred import contracts as cred
    from sennit.core.cred.interfaces import ICredentials
    from sennit.spread import contracts

    _made = {Protocol: Interface, cred.ICredentials: ICredentials}
    IJellyable = derive(contracts.IJellyable, __name__, _made)
    IPBRoot = derive(contracts.IPBRoot, __name__, _made)
    IPerspective = derive(contracts.IPerspective, __name__, _made)
    IUnjellyable = derive(contracts.IUnjellyable, __name__, _made)
    IUsernameMD5Password = derive(contracts.IUsernameMD5Password, __name__, _made)

    # Not where the classes are: Jelly is of use without zope, which is slow to import.
    declare(
        (
            ("sennit.spread.jelly.Jellyable", (IJellyable,)),
            ("sennit.spread.jelly.Unjellyable", (IUnjellyable,)),
        )
    )

__all__ = [
    "IJellyable",
    "IPBRoot",
    "IPerspective",
    "IUnjellyable",
    "IUsernameMD5Password",
]
