"""The classic log, and an error in it."""

import sys

from sennit.core import log

log.startLogging(sys.stdout)
log.msg("at work")
try:
    [].pop()
except IndexError:
    log.err(None, "it did not go well")
