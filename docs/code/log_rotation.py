"""A log in files that make room for themselves."""

import tempfile
from pathlib import Path

from sennit.core.logfile import LogFile
from sennit.core.logger import Logger, textFileLogObserver

with tempfile.TemporaryDirectory() as folder:
    file = LogFile("shop.log", folder, rotateLength=60, maxRotatedFiles=2)
    log = Logger("shop", observer=textFileLogObserver(file, timeFormat=None))
    for count in range(8):
        log.info("{count} apples sold", count=count)
    file.close()
    for path in sorted(Path(folder).iterdir()):
        print(path.name, path.read_text().split("\n"))
