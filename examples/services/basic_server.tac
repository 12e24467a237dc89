"""The smallest server as a service: sennit run basic_server.tac"""

from sennit.app.internet import StreamServerEndpointService
from sennit.app.service import Application
from sennit.core import reactor
from sennit.core.endpoints import TCP4ServerEndpoint
from sennit.core.protocol import Factory
from sennit.protocols.amp import AMP

application = Application("basic AMP server")

endpoint = TCP4ServerEndpoint(reactor, 8750, interface="127.0.0.1")
service = StreamServerEndpointService(endpoint, Factory.forProtocol(AMP))
service.setServiceParent(application)
