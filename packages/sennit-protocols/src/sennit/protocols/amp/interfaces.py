"""The contracts of AMP as zope Interfaces, for whoever asks at run time.

Type checkers see the Protocols of `sennit.protocols.amp.contracts`, from which these are
made. That our classes provide them is declared here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sennit.protocols.amp.contracts import (
        IArgumentType as IArgumentType,
        IBoxReceiver as IBoxReceiver,
        IBoxSender as IBoxSender,
        IResponderLocator as IResponderLocator,
    )
else:
    from typing import Protocol

    from zope.interface import Interface

    from sennit.core._interfaces import declare, derive
    from sennit.protocols.amp import contracts

    _made = {Protocol: Interface}
    IArgumentType = derive(contracts.IArgumentType, __name__, _made)
    IBoxReceiver = derive(contracts.IBoxReceiver, __name__, _made)
    IBoxSender = derive(contracts.IBoxSender, __name__, _made)
    IResponderLocator = derive(contracts.IResponderLocator, __name__, _made)

    declare(
        (
            ("sennit.protocols.amp._arguments.Argument", (IArgumentType,)),
            ("sennit.protocols.amp._dispatch.BoxDispatcher", (IBoxReceiver,)),
            ("sennit.protocols.amp._binary.BinaryBoxProtocol", (IBoxSender,)),
            ("sennit.protocols.amp._locate.CommandLocator", (IResponderLocator,)),
            ("sennit.protocols.amp._locate.SimpleStringLocator", (IResponderLocator,)),
        )
    )

__all__ = ["IArgumentType", "IBoxReceiver", "IBoxSender", "IResponderLocator"]
