"""What systemd and a service tell each other, and the unit file that ties them.

That systemd opens the sockets is `sennit.core.systemd`, and the endpoint ``systemd:``.
"""

from __future__ import annotations

from sennit.app.systemd._notify import (
    BadNotifySocket as BadNotifySocket,
    Notifier as Notifier,
)
from sennit.app.systemd._unit import unitFile as unitFile
from sennit.app.systemd._watchdog import WatchdogService as WatchdogService

__all__ = ["BadNotifySocket", "Notifier", "WatchdogService", "unitFile"]
