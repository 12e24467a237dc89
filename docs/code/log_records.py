"""What a logger emits, as the handlers of a program's `logging` see it."""

import json
import logging
import sys

from sennit.core.log import JSONFormatter
from sennit.core.logger import Logger

plain = logging.StreamHandler(sys.stdout)
plain.setFormatter(logging.Formatter("%(name)s %(levelname)s: %(message)s"))
plain.setLevel(logging.WARNING)


class Pretty(JSONFormatter):
    """Leaves out what is never the same, for this page."""

    def format(self, record: logging.LogRecord) -> str:
        line = json.loads(super().format(record))
        return json.dumps({**line, "time": "…"}, ensure_ascii=False)


lines = logging.StreamHandler(sys.stdout)
lines.setFormatter(Pretty())

logging.basicConfig(handlers=[plain, lines], level=logging.INFO)
logging.getLogger("shop.stock").setLevel(logging.ERROR)

Logger("shop.till").info("{count} {what}", count=3, what="apples")
Logger("shop.till").warn("the till is {state}", state="open")
Logger("shop.stock").warn("not said: the level of shop.stock is ERROR")
logging.getLogger("library").info("by %s", "logging", extra={"rows": 5})
