"""The contracts of SIP as zope Interfaces, for whoever asks at run time.

Type checkers see the Protocols of `sennit.protocols.sip.contracts`, from which these are
made. That our classes provide them is declared here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sennit.protocols.sip.contracts import (
        IAuthorizer as IAuthorizer,
        IContact as IContact,
        ILocator as ILocator,
        IRegistry as IRegistry,
    )
else:
    from typing import Protocol

    from zope.interface import Interface

    from sennit.core._interfaces import declare, derive
    from sennit.protocols.sip import contracts

    _made = {Protocol: Interface}
    IAuthorizer = derive(contracts.IAuthorizer, __name__, _made)
    IContact = derive(contracts.IContact, __name__, _made)
    ILocator = derive(contracts.ILocator, __name__, _made)
    IRegistry = derive(contracts.IRegistry, __name__, _made)

    declare(
        (("sennit.protocols.sip._registry.InMemoryRegistry", (IRegistry, ILocator)),)
    )

__all__ = ["IAuthorizer", "IContact", "ILocator", "IRegistry"]
