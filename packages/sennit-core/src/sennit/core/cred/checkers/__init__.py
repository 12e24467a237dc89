"""Checkers: they tell whose some credentials are.

Where passwords are stored as hashes, `HashedPasswordChecker` checks them, and
`HashedPasswordDatabase` keeps them in memory; `sennit.core.cred.sql` reads them from a
database. `FilePasswordDB` reads a text file.

Secrets are compared in constant time, and what a check costs does not tell whether there
is such a user.
"""

from __future__ import annotations

from sennit.core.cred.checkers._anonymous import (
    ANONYMOUS as ANONYMOUS,
    AllowAnonymousAccess as AllowAnonymousAccess,
)
from sennit.core.cred.checkers._file import FilePasswordDB as FilePasswordDB
from sennit.core.cred.checkers._hashed import (
    HashedPasswordChecker as HashedPasswordChecker,
    HashedPasswordDatabase as HashedPasswordDatabase,
)
from sennit.core.cred.checkers._memory import (
    InMemoryUsernamePasswordDatabaseDontUse as InMemoryUsernamePasswordDatabaseDontUse,
)
from sennit.core.cred.interfaces import ICredentialsChecker as ICredentialsChecker

__all__ = [
    "ANONYMOUS",
    "AllowAnonymousAccess",
    "FilePasswordDB",
    "HashedPasswordChecker",
    "HashedPasswordDatabase",
    "ICredentialsChecker",
    "InMemoryUsernamePasswordDatabaseDontUse",
]
