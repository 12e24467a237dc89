"""Events written as JSON, and read again."""

import io

from sennit.core.logger import (
    Logger,
    LogLevel,
    eventsFromJSONLogFile,
    extractField,
    formatEvent,
    jsonFileLogObserver,
)


class Request:
    method, path = "GET", "/apples"


file = io.StringIO()
log = Logger("web", observer=jsonFileLogObserver(file, recordSeparator=""))
log.info("{request.method} {request.path}", request=Request(), status=200)
log.warn("{request.method} {request.path}", request=Request(), status=404)

file.seek(0)
for event in eventsFromJSONLogFile(file):
    if event["log_level"] >= LogLevel.warn:
        print(formatEvent(event), event["status"])
        print(extractField("request.path", event))
