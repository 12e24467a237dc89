"""The services of the demo as one application: sennit run examples/demo/demo.tac"""

from services import SERVICES
from services.service import Service as Shown

from sennit.app.service import Application, Service
from sennit.core import reactor


class Served(Service):
    """One of them, on a free port; the reactor closes it at the end."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown

    def startService(self) -> None:
        super().startService()
        port = self.shown.start(reactor)
        print(f"{self.shown.name}: {self.shown.hint.format(port=port)}")


application = Application("demo")
for each in SERVICES:
    Served(each).setServiceParent(application)
