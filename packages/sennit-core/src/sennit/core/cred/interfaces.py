"""The contracts of a login as zope Interfaces, for whoever asks at run time.

Type checkers see the Protocols of `sennit.core.cred.contracts`, from which these are
made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sennit.core.cred.contracts import (
        IAnonymous as IAnonymous,
        ICredentials as ICredentials,
        ICredentialsChecker as ICredentialsChecker,
        IRealm as IRealm,
        IUsernameDigestHash as IUsernameDigestHash,
        IUsernameHashedPassword as IUsernameHashedPassword,
        IUsernamePassword as IUsernamePassword,
    )
else:
    from typing import Protocol

    from zope.interface import Interface

    from sennit.core._interfaces import derive
    from sennit.core.cred import contracts

    _made = {Protocol: Interface}
    IAnonymous = derive(contracts.IAnonymous, __name__, _made)
    ICredentials = derive(contracts.ICredentials, __name__, _made)
    ICredentialsChecker = derive(contracts.ICredentialsChecker, __name__, _made)
    IRealm = derive(contracts.IRealm, __name__, _made)
    IUsernameDigestHash = derive(contracts.IUsernameDigestHash, __name__, _made)
    IUsernameHashedPassword = derive(contracts.IUsernameHashedPassword, __name__, _made)
    IUsernamePassword = derive(contracts.IUsernamePassword, __name__, _made)

__all__ = [
    "IAnonymous",
    "ICredentials",
    "ICredentialsChecker",
    "IRealm",
    "IUsernameDigestHash",
    "IUsernameHashedPassword",
    "IUsernamePassword",
]
