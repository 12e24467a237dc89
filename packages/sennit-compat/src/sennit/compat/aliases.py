"""The table: which module of ours answers to which name of Twisted's.

A row names either the **same module** (the twisted name and ours mean one object)
or, where it begins with `FACES`, a **face**: a thin module of re-exports, with at
most small helpers that old programs know and the native API leaves out.
`sennit.core.reactor` is an object in the place of a module: the reactor.

`PACKAGES` are the names that only hold others. They are made when first imported;
one that also shows names of its own shows those of the module beside it.
"""

from __future__ import annotations

__all__ = ["ALIASES", "FACES", "PACKAGES"]

FACES = "sennit.compat.faces"

PACKAGES: dict[str, str | None] = {
    "twisted": f"{FACES}.root",
    "twisted.cred": None,
    "twisted.internet": None,
    "twisted.plugins": None,
    "twisted.protocols": None,
    "twisted.python": None,
    "twisted.test": None,
    "twisted.trial": None,
}

ALIASES: dict[str, str] = {
    "twisted.copyright": f"{FACES}.copyright",
    # the event loop
    "twisted.internet._sslverify": f"{FACES}.internet._sslverify",
    "twisted.internet.abstract": f"{FACES}.internet.abstract",
    "twisted.internet.address": "sennit.core.address",
    "twisted.internet.asyncioreactor": f"{FACES}.internet.asyncioreactor",
    "twisted.internet.base": f"{FACES}.internet.base",
    "twisted.internet.defer": "sennit.core.defer",
    "twisted.internet.default": f"{FACES}.internet.default",
    "twisted.internet.endpoints": "sennit.core.endpoints",
    "twisted.internet.epollreactor": f"{FACES}.internet.epollreactor",
    "twisted.internet.error": "sennit.core.errors",
    "twisted.internet.fdesc": f"{FACES}.internet.fdesc",
    "twisted.internet.inotify": f"{FACES}.internet.inotify",
    "twisted.internet.interfaces": f"{FACES}.internet.interfaces",
    "twisted.internet.main": f"{FACES}.internet.main",
    "twisted.internet.pollreactor": f"{FACES}.internet.pollreactor",
    "twisted.internet.process": f"{FACES}.internet.process",
    "twisted.internet.protocol": "sennit.core.protocol",
    "twisted.internet.reactor": "sennit.core.reactor",
    "twisted.internet.selectreactor": f"{FACES}.internet.selectreactor",
    "twisted.internet.ssl": f"{FACES}.internet.ssl",
    "twisted.internet.stdio": "sennit.core.stdio",
    "twisted.internet.task": "sennit.core.task",
    "twisted.internet.tcp": f"{FACES}.internet.tcp",
    "twisted.internet.testing": f"{FACES}.internet.testing",
    "twisted.internet.threads": "sennit.core.threads",
    "twisted.internet.udp": f"{FACES}.internet.udp",
    "twisted.internet.unix": f"{FACES}.internet.unix",
    "twisted.internet.utils": f"{FACES}.internet.utils",
    # the log
    "twisted.logger": "sennit.core.logger",
    # logins
    "twisted.cred.checkers": "sennit.core.cred.checkers",
    "twisted.cred.credentials": "sennit.core.cred.credentials",
    "twisted.cred.error": "sennit.core.cred.error",
    "twisted.cred.portal": "sennit.core.cred.portal",
    # protocols
    "twisted.protocols.amp": f"{FACES}.protocols.amp",
    "twisted.protocols.basic": "sennit.protocols.basic",
    "twisted.protocols.finger": "sennit.protocols.finger",
    "twisted.protocols.haproxy": "sennit.protocols.haproxy",
    "twisted.protocols.htb": "sennit.protocols.htb",
    "twisted.protocols.ident": f"{FACES}.protocols.ident",
    "twisted.protocols.loopback": f"{FACES}.protocols.loopback",
    "twisted.protocols.memcache": "sennit.protocols.memcache",
    "twisted.protocols.pcp": f"{FACES}.protocols.pcp",
    "twisted.protocols.policies": "sennit.protocols.policies",
    "twisted.protocols.portforward": "sennit.protocols.portforward",
    "twisted.protocols.postfix": "sennit.protocols.postfix",
    "twisted.protocols.sip": f"{FACES}.protocols.sip",
    "twisted.protocols.socks": "sennit.protocols.socks",
    "twisted.protocols.stateful": "sennit.protocols.stateful",
    "twisted.protocols.tls": f"{FACES}.protocols.tls",
    "twisted.protocols.wire": "sennit.protocols.wire",
    # helpers
    "twisted.python.compat": f"{FACES}.python.compat",
    "twisted.python.components": f"{FACES}.python.components",
    "twisted.python.context": f"{FACES}.python.context",
    "twisted.python.deprecate": f"{FACES}.python.deprecate",
    "twisted.python.failure": "sennit.core.failure",
    "twisted.python.filepath": f"{FACES}.python.filepath",
    "twisted.python.lockfile": "sennit.core.lockfile",
    "twisted.python.log": f"{FACES}.python.log",
    "twisted.python.logfile": "sennit.core.logfile",
    "twisted.python.modules": f"{FACES}.python.modules",
    "twisted.python.monkey": f"{FACES}.python.monkey",
    "twisted.python.procutils": f"{FACES}.python.procutils",
    "twisted.python.randbytes": f"{FACES}.python.randbytes",
    "twisted.python.reflect": f"{FACES}.python.reflect",
    "twisted.python.runtime": f"{FACES}.python.runtime",
    "twisted.python.sendmsg": f"{FACES}.python.sendmsg",
    "twisted.python.syslog": f"{FACES}.python.syslog",
    "twisted.python.text": f"{FACES}.python.text",
    "twisted.python.systemd": "sennit.core.systemd",
    "twisted.python.threadable": f"{FACES}.python.threadable",
    "twisted.python.threadpool": "sennit.core.threadpool",
    "twisted.python.urlpath": f"{FACES}.python.urlpath",
    "twisted.python.usage": f"{FACES}.python.usage",
    "twisted.python.util": f"{FACES}.python.util",
    "twisted.python.versions": f"{FACES}.python.versions",
    "twisted.python.zippath": "sennit.core.filepath.zippath",
    # tests
    "twisted.test.proto_helpers": f"{FACES}.internet.testing",
    "twisted.trial.unittest": f"{FACES}.trial.unittest",
}
