"""``twisted.internet.interfaces``: the Interfaces, and who else provides them.

The classes of `sennit.core` are declared where the Interfaces are; those of other
parts, which know nothing of zope, are declared here.
"""

from __future__ import annotations

from zope.interface import classImplements

import sennit.core.interfaces
from sennit.core.interfaces import *  # noqa: F403
from sennit.core.interfaces import IPullProducer
from sennit.protocols.basic import FileSender

__all__ = sennit.core.interfaces.__all__

classImplements(FileSender, IPullProducer)
