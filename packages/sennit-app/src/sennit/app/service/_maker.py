"""A kind of service that ``twistd`` has as a command."""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["ServiceMaker"]


class ServiceMaker:
    """Names a module that makes a service; it is imported when the service is wanted.

    The module has a class ``Options``, whose objects read a command line by
    ``parseOptions(words)``, and a function ``makeService(options)``.

    Attributes:
        name: What the service is called, for people.
        module: The module's name.
        description: What the service is, in a line.
        tapname: The command's name.
    """

    def __init__(self, name: str, module: str, description: str, tapname: str) -> None:
        self.name = name
        self.module = module
        self.description = description
        self.tapname = tapname

    @property
    def options(self) -> Any:
        """The module's ``Options``."""
        return importlib.import_module(self.module).Options

    @property
    def makeService(self) -> Any:
        """The module's function: called with the options, it gives the service."""
        return importlib.import_module(self.module).makeService

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.tapname!r} in {self.module}>"
