"""Each part of a program at a level of its own."""

import sys

from sennit.core.logger import (
    FilteringLogObserver,
    Logger,
    LogLevel,
    LogLevelFilterPredicate,
    globalLogBeginner,
    textFileLogObserver,
)

levels = LogLevelFilterPredicate(defaultLogLevel=LogLevel.warn)
levels.setLogLevelForNamespace("shop.till", LogLevel.debug)

screen = textFileLogObserver(sys.stdout, timeFormat=None)
globalLogBeginner.beginLoggingTo([FilteringLogObserver(screen, [levels])])

Logger("shop").info("not shown")
Logger("shop").warn("shown")
Logger("shop.till.drawer").debug("shown, too")
