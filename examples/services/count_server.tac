"""Count in turns with a client: sennit run count_server.tac

The client is count.py in the folder amp: python amp/count.py call
"""

import os
import sys
from pathlib import Path

from sennit.app.service import Application
from sennit.app import strports
from sennit.core.protocol import Factory

sys.path.append(str(Path(__file__).parents[1] / "amp"))

from count import Counter

LISTEN = os.environ.get("LISTEN", "tcp:8750:interface=127.0.0.1")

application = Application("count")
factory = Factory.forProtocol(Counter)
strports.service(LISTEN, factory).setServiceParent(application)
