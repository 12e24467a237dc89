"""What a client service does, as a table: state and event give state and actions.

    NEW --start--> CONNECTING --connected--> PREPARING --prepared--> CONNECTED
                    |      ^                    |                        |
                    failed |                    failed, lost             losing, lost
                    v      retry                v                        |
                    WAITING <----------------------------------------------

``stop`` leads to STOPPED, by way of DISCONNECTING where there is a connection, or an
attempt at one, whose end is waited for; a ``start`` meanwhile is done after that
(RESTARTING). What comes of an old connection is no event: who drives this knows it.
"""

from __future__ import annotations

import enum
from types import MappingProxyType
from typing import Final

__all__ = ["TABLE", "Event", "State"]


class State(enum.Enum):
    """What a client service is doing."""

    NEW = "new"
    CONNECTING = "connecting"
    PREPARING = "preparing"
    CONNECTED = "connected"
    LOSING = "losing the connection"
    WAITING = "waiting"
    DISCONNECTING = "disconnecting"
    RESTARTING = "restarting"
    STOPPED = "stopped"


class Event(enum.Enum):
    """What happens to a client service."""

    START = "start"
    STOP = "stop"
    CONNECTED = "connected"
    PREPARED = "prepared"
    FAILED = "failed"
    LOSING = "losing"
    LOST = "lost"
    RETRY = "retry"


_S, _E = State, Event

# The actions are methods of the service's machine, called in this order.
TABLE: Final = MappingProxyType(
    {
        (_S.NEW, _E.START): (_S.CONNECTING, ("connect",)),
        (_S.NEW, _E.STOP): (_S.STOPPED, ("refuse", "finish")),
        (_S.CONNECTING, _E.CONNECTED): (_S.PREPARING, ("prepare",)),
        (_S.CONNECTING, _E.FAILED): (_S.WAITING, ("count", "wait")),
        (_S.CONNECTING, _E.STOP): (_S.DISCONNECTING, ("give_up",)),
        (_S.PREPARING, _E.PREPARED): (_S.CONNECTED, ("deliver",)),
        (_S.PREPARING, _E.FAILED): (
            _S.WAITING,
            ("disconnect", "forget", "count", "wait"),
        ),
        (_S.PREPARING, _E.LOST): (
            _S.WAITING,
            ("abandon", "forget", "count", "wait"),
        ),
        (_S.PREPARING, _E.STOP): (_S.DISCONNECTING, ("abandon", "disconnect")),
        # While the protocol's own connectionLost runs, nobody gets it any more.
        (_S.CONNECTED, _E.LOSING): (_S.LOSING, ()),
        (_S.LOSING, _E.LOST): (_S.WAITING, ("forget", "wait")),
        (_S.LOSING, _E.STOP): (_S.DISCONNECTING, ()),
        (_S.CONNECTED, _E.STOP): (_S.DISCONNECTING, ("disconnect",)),
        (_S.WAITING, _E.RETRY): (_S.CONNECTING, ("connect",)),
        (_S.WAITING, _E.STOP): (_S.STOPPED, ("call_off", "refuse", "finish")),
        # An attempt that could not be given up.
        (_S.DISCONNECTING, _E.CONNECTED): (_S.DISCONNECTING, ("disconnect",)),
        (_S.DISCONNECTING, _E.FAILED): (_S.STOPPED, ("refuse", "finish")),
        (_S.DISCONNECTING, _E.LOST): (_S.STOPPED, ("forget", "refuse", "finish")),
        (_S.DISCONNECTING, _E.START): (_S.RESTARTING, ()),
        (_S.RESTARTING, _E.CONNECTED): (_S.RESTARTING, ("disconnect",)),
        (_S.RESTARTING, _E.FAILED): (_S.CONNECTING, ("finish", "connect")),
        (_S.RESTARTING, _E.LOST): (_S.CONNECTING, ("forget", "finish", "connect")),
        (_S.RESTARTING, _E.STOP): (_S.DISCONNECTING, ()),
        (_S.STOPPED, _E.START): (_S.CONNECTING, ("connect",)),
        (_S.STOPPED, _E.STOP): (_S.STOPPED, ("refuse", "finish")),
    }
)
"""From a state and an event to a state and actions; what is not here does nothing."""
