"""Static files: folders of the system, and bytes in memory, as resources.

from sennit.core import reactor
from sennit.web.server import Site
from sennit.web.static import File

reactor.listenTCP(8080, Site(File("/srv/www")))
reactor.run()
"""

from __future__ import annotations

from sennit.web.static._data import Data as Data
from sennit.web.static._file import File as File
from sennit.web.static._lister import DirectoryLister as DirectoryLister
from sennit.web.static._page import Entry as Entry, Folder as Folder
from sennit.web.static._processors import (
    ASISProcessor as ASISProcessor,
    Registry as Registry,
)
from sennit.web.static._producers import (
    MultipleRangeStaticProducer as MultipleRangeStaticProducer,
    NoRangeStaticProducer as NoRangeStaticProducer,
    SingleRangeStaticProducer as SingleRangeStaticProducer,
    StaticProducer as StaticProducer,
)
from sennit.web.static._redirect import Redirect as Redirect, addSlash as addSlash
from sennit.web.static._root import Links as Links, OutsideRoot as OutsideRoot
from sennit.web.static._sizes import formatFileSize as formatFileSize
from sennit.web.static._types import (
    getTypeAndEncoding as getTypeAndEncoding,
    loadMimeTypes as loadMimeTypes,
)

__all__ = [
    "ASISProcessor",
    "Data",
    "DirectoryLister",
    "Entry",
    "File",
    "Folder",
    "Links",
    "MultipleRangeStaticProducer",
    "NoRangeStaticProducer",
    "OutsideRoot",
    "Redirect",
    "Registry",
    "SingleRangeStaticProducer",
    "StaticProducer",
    "addSlash",
    "formatFileSize",
    "getTypeAndEncoding",
    "loadMimeTypes",
]
