"""Register users in this folder: sennit run registration_server.tac

The client is registration.py in the folder amp.
"""

import os
import sys
from pathlib import Path

from sennit.app import strports
from sennit.app.service import Application
from sennit.core.protocol import Factory
from sennit.protocols.amp import AMP

sys.path.append(str(Path(__file__).parents[1] / "amp"))

from registration import UserRegistration

LISTEN = os.environ.get("LISTEN", "tcp:8750:interface=127.0.0.1")

registration = UserRegistration(os.getcwd())
factory = Factory.forProtocol(lambda: AMP(locator=registration))

application = Application("registration")
strports.service(LISTEN, factory).setServiceParent(application)
