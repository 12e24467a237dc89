"""The contracts of the server as zope Interfaces, for whoever asks at run time.

Type checkers see the Protocols of `sennit.web.http.contracts`, from which these are made.
That our classes provide them, and those of core, is declared here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sennit.web.http.contracts import (
        IAccessLogFormatter as IAccessLogFormatter,
        IRequest as IRequest,
    )
else:
    from typing import Protocol

    from zope.interface import Interface, directlyProvides

    from sennit.core._interfaces import declare, derive
    from sennit.core.interfaces import IConsumer, IPushProducer, ITransport
    from sennit.web.http import _accesslog, contracts

    _made = {Protocol: Interface}
    IAccessLogFormatter = derive(contracts.IAccessLogFormatter, __name__, _made)
    IRequest = derive(contracts.IRequest, __name__, _made)

    declare(
        (
            ("sennit.web.http.HTTPChannel", (ITransport, IConsumer, IPushProducer)),
            ("sennit.web.http.Request", (IConsumer,)),
        )
    )
    for _format in (
        _accesslog.combinedLogFormatter,
        _accesslog.commonLogFormatter,
        _accesslog.proxiedLogFormatter,
    ):
        directlyProvides(_format, IAccessLogFormatter)

__all__ = ["IAccessLogFormatter", "IRequest"]
