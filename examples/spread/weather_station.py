"""A reading goes by copy: its state is what it says, and then a life of its own.

usage: weather_station.py serve [PORT]     (8787 unless told; 0 for any that is free)
       weather_station.py read [PORT]
"""

import sys
from typing import Any

from sennit.core import reactor, task
from sennit.core.engine import Reactor
from sennit.spread import pb


class Reading(pb.Copyable):
    def __init__(self, place: str, degrees: int) -> None:
        self.place = place
        self.degrees = degrees
        self.secret = "key of the weather station"

    def getStateToCopy(self) -> dict[str, Any]:
        return {"place": self.place, "degrees": self.degrees, "unit": "C"}


class RemoteReading(pb.RemoteCopy):
    place: str
    degrees: int
    unit: str

    def __str__(self) -> str:
        return f"{self.degrees} {self.unit} in {self.place}"


pb.setUnjellyableForClass(Reading, RemoteReading)


class Station(pb.Root):
    def __init__(self) -> None:
        self.reading = Reading("Oslo", 4)

    def remote_reading(self) -> Reading:
        return self.reading

    def remote_warmer(self) -> int:
        self.reading.degrees += 1
        return self.reading.degrees


async def read(reactor: Reactor, port: int) -> None:
    factory = pb.PBClientFactory()
    reactor.connectTCP("localhost", port, factory)
    station = await factory.getRootObject()
    reading = await station.callRemote("reading")
    print(reading, sorted(vars(reading)))
    print("the station has", await station.callRemote("warmer"))
    print("the copy still says", reading)
    factory.disconnect()


if __name__ == "__main__":
    number = int(sys.argv[2]) if sys.argv[2:] else pb.portno
    if sys.argv[1] == "serve":
        factory = pb.PBServerFactory(Station())
        port = reactor.listenTCP(number, factory, interface="127.0.0.1")
        print("weather on port", port.getHost().port, flush=True)
        reactor.run()
    else:
        task.react(read, (number,), reactor)
