"""Perspective Broker with real Twisted at the other end: each serves, each asks."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("twisted") is None,
    reason="Twisted is not installed: nox -s integration has it",
)

# The two, by the same names. Classes of programs are called __main__ on both sides.
SENNIT = """
from sennit.core import reactor
from sennit.core.cred import checkers, credentials, portal
from sennit.core.cred.error import UnauthorizedLogin
from sennit.core.defer import Deferred, ensureDeferred, gatherResults, inlineCallbacks
from sennit.core.task import deferLater
from sennit.spread import pb, util
"""

TWISTED = """
from twisted.internet import reactor
from twisted.cred import checkers, credentials, portal
from twisted.cred.error import UnauthorizedLogin
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults, inlineCallbacks
from twisted.internet.task import deferLater
from twisted.spread import pb, util
"""

COMMON = """
import gc, io, sys
from zope.interface import implementer

class Refused(pb.Error):
    pass

class Reading(pb.Copyable, pb.RemoteCopy):
    def __init__(self, degrees):
        self.degrees = degrees

    def getStateToCopyFor(self, perspective):
        return {"degrees": self.degrees, "seen": perspective is not None}

pb.setUnjellyableForClass(Reading, Reading)

class Board(pb.Cacheable):
    def __init__(self):
        self.lines, self.observers, self.stopped = ["welcome"], [], 0

    def getStateToCacheAndObserveFor(self, perspective, observer):
        self.observers.append(observer)
        return {"lines": list(self.lines)}

    def stoppedObserving(self, perspective, observer):
        # By identity: Twisted cannot compare two of them.
        self.observers[:] = [each for each in self.observers if each != observer]
        self.stopped += 1

    def post(self, line):
        self.lines.append(line)
        return gatherResults([each.callRemote("posted", line) for each in self.observers])

class BoardCache(pb.RemoteCache):
    def observe_posted(self, line):
        self.lines.append(line)
        return len(self.lines)

pb.setUnjellyableForClass(Board, BoardCache)

class Counter(pb.Referenceable):
    total = 0

    def remote_add(self, number):
        self.total += number
        return self.total

    def remote_apply(self, other, number):
        return other.callRemote("add", number)

class Looker(pb.Viewable):
    def view_who(self, user):
        return user.name

class User(pb.Avatar):
    def __init__(self, name, mind):
        self.name, self.mind = name, mind
        self.board, self.counter, self.looker = Board(), Counter(), Looker()

    def perspective_echo(self, *args, **kw):
        return args, kw

    def perspective_name(self):
        return self.name

    def perspective_refuse(self):
        raise Refused("no")

    def perspective_later(self):
        return deferLater(reactor, 0.01, lambda: "late")

    def perspective_greet(self):
        return self.mind.callRemote("add", 5)

    def perspective_counter(self):
        return self.counter

    def perspective_is_counter(self, counter):
        return counter is self.counter

    def perspective_reading(self):
        return Reading(4)

    def perspective_looker(self):
        return self.looker

    def perspective_is_looker(self, looker):
        return looker.object is self.looker and looker.perspective is self

    def perspective_board(self):
        return self.board

    def perspective_is_board(self, board):
        return board is self.board

    def perspective_post(self, line):
        return self.board.post(line)

    def perspective_stopped(self):
        return self.board.stopped

    def perspective_string(self, collector):
        util.StringPager(collector, bytes(range(256)) * 100, 1000)

    def perspective_file(self, collector):
        util.FilePager(collector, io.BytesIO(b"y" * 50000))

    def perspective_many(self, number):
        return [Counter() for _ in range(number)]

    def perspective_leave(self):
        self.leave()

    def logout(self):
        print("left", self.name, flush=True)

@implementer(portal.IRealm)
class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        user = User(avatarId, mind)
        return pb.IPerspective, user, user.logout
"""

SERVER = """
checker = checkers.InMemoryUsernamePasswordDatabaseDontUse()
checker.addUser(b"guest", b"secret")
entrance = portal.Portal(Realm(), [checker, checkers.AllowAnonymousAccess()])
port = reactor.listenTCP(0, pb.PBServerFactory(entrance), interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""

CLIENT = """
def connect():
    factory = pb.PBClientFactory()
    reactor.connectTCP("127.0.0.1", int(sys.argv[1]), factory)
    return factory

def said(name):
    print(name, flush=True)

@inlineCallbacks
def fails(call, kind, text):
    failures = []
    yield call.addErrback(failures.append)
    (failure,) = failures
    assert failure.check(kind), failure.parents
    assert text in failure.getErrorMessage(), failure

def until(ask, wanted):
    @inlineCallbacks
    def again():
        for _ in range(100):
            gc.collect()
            if (yield ask()) == wanted:
                return
            yield deferLater(reactor, 0.02, lambda: None)
        raise AssertionError("it does not come to " + repr(wanted))
    return again()

VALUES = [1, -1, 2 ** 40, -(2 ** 70), 0.1, "text \\u00fc", b"bytes\\xff", None, True, False]

@inlineCallbacks
def talk():
    factory, mind = connect(), Counter()
    guest = credentials.UsernamePassword(b"guest", b"secret")
    user = yield factory.login(guest, mind)
    ask = user.callRemote
    assert (yield ask("name")) == b"guest"
    wrong = credentials.UsernamePassword(b"guest", b"wrong")
    yield fails(factory.login(wrong), UnauthorizedLogin, "")
    nobody = yield factory.login(credentials.Anonymous())
    assert (yield nobody.callRemote("name")) == ()
    said("logins")

    shared = [1]
    circle = {"list": shared, "again": shared, "tuple": (1, (2,))}
    args, kw = yield ask("echo", VALUES, circle, set([1, 2]), word="list", value=VALUES)
    assert args[0] == VALUES and args[2] == set([1, 2]), args
    assert args[1]["list"] is args[1]["again"] and args[1]["tuple"] == (1, (2,))
    assert kw == {"word": "list", "value": VALUES}, kw
    assert (yield ask("later")) == "late"
    results = yield gatherResults([ask("echo", number) for number in range(500)])
    assert results == [((number,), {}) for number in range(500)]
    said("values")

    yield fails(ask("refuse"), Refused, "no")
    yield fails(ask("nothing"), AttributeError, "perspective_nothing")
    yield fails(ask("echo", Counter(), x=[User(1, 2)]) if NAMED else ask("refuse"), Exception, "")
    said("errors")

    assert (yield ask("greet")) == 5 and mind.total == 5
    counter = yield ask("counter")
    again = yield ask("counter")
    assert counter == again and hash(counter) == hash(again)
    assert (yield counter.callRemote("add", 2)) == 2
    assert (yield counter.callRemote("apply", mind, 2)) == 7
    assert (yield ask("is_counter", counter))
    ((home,), _) = yield ask("echo", mind)
    assert home is mind
    looker = yield ask("looker")
    assert (yield looker.callRemote("who")) == b"guest"
    assert (yield ask("is_looker", looker))
    said("references")

    for _ in range(5):
        many = yield ask("many", 300)
        assert (yield many[7].callRemote("add", 3)) == 3
        del many
        gc.collect()
        yield ask("name")
    said("references that die")

    reading = yield ask("reading")
    assert reading.degrees == 4 and reading.seen and type(reading) is Reading
    ((back,), _) = yield ask("echo", Reading(9))
    assert back.degrees == 9
    said("copies")

    board = yield ask("board")
    assert type(board) is BoardCache and board.lines == ["welcome"]
    assert (yield ask("post", "one")) == [2]
    assert board.lines == ["welcome", "one"]
    second = yield ask("board")
    assert second.lines is board.lines
    assert (yield ask("is_board", board))
    ((home,), _) = yield ask("echo", board)
    assert home.lines is board.lines
    assert (yield ask("post", "two")) == [3]
    del board, second, home, args, kw
    yield until(lambda: ask("stopped"), 1)
    assert (yield ask("post", "three")) == []
    board = yield ask("board")
    assert board.lines == ["welcome", "one", "two", "three"]
    said("caches")

    pages = yield util.getAllPages(user, "string")
    assert b"".join(pages) == bytes(range(256)) * 100 and len(pages) == 26
    pages = yield util.getAllPages(user, "file")
    assert b"".join(pages) == b"y" * 50000
    said("pages")

    gone = Deferred()
    user.notifyOnDisconnect(lambda _: gone.callback(None))
    waits = ask("later")
    waits.addErrback(lambda failure: failure.trap(pb.PBConnectionLost))
    factory.disconnect()
    yield waits
    yield gone
    try:
        ask("name")
    except pb.DeadReferenceError:
        said("the end")

talking = talk()
talking.addErrback(lambda failure: failure.printTraceback())
talking.addBoth(lambda _: reactor.stop())
reactor.callLater(40, reactor.stop)
reactor.run()
"""

SAID = """logins
values
errors
references
references that die
copies
caches
pages
the end
"""


@contextmanager
def serving(program: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a server; give the port it prints, and it."""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip(), server
        finally:
            server.terminate()


@pytest.mark.parametrize(
    ("server", "client"),
    [(TWISTED, SENNIT), (SENNIT, TWISTED)],
    ids=["twisted serves", "sennit serves"],
)
def test_each_calls_the_objects_of_the_other(server: str, client: str) -> None:
    """Logins, values, errors, references both ways, copies, caches, pages, the end."""
    with serving(server + COMMON + SERVER) as (port, running):
        # Twisted sends what it cannot send as an Unpersistable, and no error comes.
        named = f"NAMED = {client is SENNIT}\n"
        done = subprocess.run(
            [sys.executable, "-c", client + COMMON + named + CLIENT, port],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        assert done.stdout == SAID, done.stderr
        assert running.stdout is not None
        left = sorted(running.stdout.readline().strip() for _ in range(2))
    assert left == ["left ()", "left b'guest'"]
