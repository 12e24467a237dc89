"""A unit file for a service, as closed as it can be without knowing the program."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

__all__ = ["unitFile"]

# Each line takes something away that a network service has no use for; see
# systemd.exec(5). What a program does need of it, its owner gives back in a drop-in.
_HARDENING = """\
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
UMask=0027
"""


def unitFile(
    command: Sequence[str],
    *,
    description: str,
    name: str,
    folder: str | None = None,
    user: str | None = None,
    watchdog: int = 30,
    stop: int = 90,
) -> str:
    """Write a unit file.

    Args:
        command: what is run; its first word is an absolute path.
        description: what it is, for people.
        name: of the unit, for the folder of its state in ``/var/lib``.
        folder: where it runs; that of its state if None.
        user: whom it runs as; None for one that systemd makes up.
        watchdog: seconds without a sign of life after which it is started again.
        stop: seconds that it has to stop.

    Raises:
        ValueError: The command is no absolute path, or a text has more than one line.
    """
    if not command or not command[0].startswith("/"):
        raise ValueError("the command has to begin with an absolute path")
    texts = (*command, description, name, folder or "", user or "")
    if any("\n" in text for text in texts):
        raise ValueError("a line of a unit file cannot hold a line break")
    owner = f"User={_escaped(user)}" if user else "DynamicUser=yes"
    where = _escaped(folder) if folder else f"%S/{_escaped(name)}"
    return f"""\
[Unit]
Description={_escaped(description)}
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
ExecStart={" ".join(map(_quoted, command))}
ExecReload=/bin/kill -HUP $MAINPID
{owner}
StateDirectory={_escaped(name)}
WorkingDirectory={where}
Restart=on-failure
RestartSec=1
WatchdogSec={watchdog}
TimeoutStopSec={stop}

{_HARDENING}# Ports below 1024:
# AmbientCapabilities=CAP_NET_BIND_SERVICE
# CapabilityBoundingSet=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=

[Install]
WantedBy=multi-user.target
"""


def _escaped(text: str) -> str:
    """Write a percent sign so that it is no specifier."""
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """Quote a word of a command; the dollar sign names a variable there."""
    word = _escaped(word).replace("$", "$$")
    return word if word == shlex.quote(word) else _in_quotes(word)


def _in_quotes(word: str) -> str:
    backslash, quote = "\\", '"'
    escaped = word.replace(backslash, backslash * 2).replace(quote, backslash + quote)
    return f'"{escaped}"'
