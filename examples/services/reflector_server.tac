"""Send every box back: sennit run reflector_server.tac"""

import os
import sys
from pathlib import Path

from sennit.app import strports
from sennit.app.service import Application
from sennit.core.protocol import Factory
from sennit.protocols.amp import AMP

sys.path.append(str(Path(__file__).parents[1] / "amp"))

from reflector import BoxReflector

LISTEN = os.environ.get("LISTEN", "tcp:8750:interface=127.0.0.1")

factory = Factory.forProtocol(lambda: AMP(boxReceiver=BoxReflector()))

application = Application("reflector")
strports.service(LISTEN, factory).setServiceParent(application)
