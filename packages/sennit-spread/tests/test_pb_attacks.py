"""A peer that plays by no rules: silent, greedy, or deaf; in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sennit.core.cred import checkers
from sennit.core.cred.credentials import Anonymous, UsernamePassword
from sennit.core.cred.portal import Portal
from sennit.core.defer import Deferred
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.spread import banana, jelly, pb, util
from sennit.spread._names import wire_name
from sennit.spread.banana.wire import INCOMING

Join = Callable[..., Any]


class Root(pb.Root):
    def __init__(self) -> None:
        self.calls = 0
        self.kept: list[Any] = []

    def remote_count(self) -> int:
        self.calls += 1
        return self.calls

    def remote_never(self) -> Deferred[Any]:
        self.calls += 1
        return Deferred()

    def remote_keep(self, *things: Any) -> None:
        self.kept += things

    def remote_page(self, collector: Any, pager: Any = None) -> None:
        self.kept.append(FailingPager(collector))


class FailingPager(util.Pager):
    told: Any = None

    def nextPage(self) -> Any:
        raise OSError("the disk is gone")

    def pagingFailed(self, reason: Any) -> None:
        self.told = reason.value


class Kept(pb.RemoteCache):
    pass


class Realm:
    """Lets everybody in."""

    def __init__(self) -> None:
        self.inside = 0

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> Any:
        self.inside += 1
        return pb.IPerspective, pb.Avatar(), self.left

    def left(self) -> None:
        self.inside -= 1


def portal(realm: Any) -> Portal:
    return Portal(
        realm,
        [
            checkers.AllowAnonymousAccess(),
            checkers.InMemoryUsernamePasswordDatabaseDontUse(me=b"pw"),
        ],
    )


def fresh(root: Any, **server: Any) -> tuple[pb.Broker, StringTransport, Clock]:
    """A server's broker, and a peer that has said nothing yet."""
    broker = pb.PBServerFactory(root, **server).buildProtocol(None)
    broker.clock = clock = Clock()
    transport = StringTransport()
    broker.makeConnection(transport)
    transport.clear()
    return broker, transport, clock


def call(request: int, name: bytes, *args: Any, wants: int = 1) -> bytes:
    return banana.encode(
        [b"message", request, b"root", name, wants, [b"tuple", *args], [b"dictionary"]]
    )


def is_over(transport: StringTransport) -> bool:
    return bool(transport.disconnecting or transport.disconnected)


# The beginning


@pytest.mark.parametrize("dialect", [b"x", [b"pb"], 7, 1.5, [], b"sennit"], ids=repr)
def test_what_follows_a_wrong_dialect_is_not_looked_at(
    dialect: Any, logged: list[dict[str, Any]]
) -> None:
    """The connection ends, with a line that tells why and names the peer."""
    root = Root()
    broker, transport, _ = fresh(root)
    data = banana.encode(dialect) + banana.encode(b"pb") + call(1, b"count")
    broker.dataReceived(data)
    broker.dataReceived(data)
    assert is_over(transport)
    assert not root.calls
    assert not transport.value()
    (event,) = logged
    (told,) = event["message"]
    assert "192.168.1.1" in told
    assert "dialect" in told


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00\x28\x80",
        b"\x01\x80" * 3,
        b"\x00\x10\x82",
        b"\x40\x80" + b"\x00\x80" * 64,
    ],
    ids=repr,
)
@pytest.mark.parametrize("is_client", [False, True])
def test_before_the_dialect_is_chosen_little_may_come(
    data: bytes, is_client: bool, logged: list[dict[str, Any]]
) -> None:
    """Whoever can connect cannot have memory filled by a message that never ends."""
    factory: Any = pb.PBClientFactory() if is_client else pb.PBServerFactory(Root())
    broker = factory.buildProtocol(None)
    transport = StringTransport()
    broker.makeConnection(transport)
    broker.dataReceived(data)
    assert is_over(transport)
    assert len(logged) == 1


def test_who_says_nothing_is_given_up(logged: list[dict[str, Any]]) -> None:
    """After half a minute, unless told otherwise; with a line that names the peer."""
    _, transport, clock = fresh(Root())
    clock.advance(29)
    assert not is_over(transport)
    clock.advance(1)
    assert is_over(transport)
    (event,) = logged
    (told,) = event["message"]
    assert "192.168.1.1" in told
    assert "PeerTimeout" in told
    _, transport, clock = fresh(Root(), handshakeTimeout=None)
    assert not clock.getDelayedCalls()


def test_a_server_that_says_nothing_is_given_up() -> None:
    """A client does not wait for ever, either."""
    broker = pb.PBClientFactory(handshakeTimeout=5).buildProtocol(None)
    broker.clock = clock = Clock()
    transport = StringTransport()
    broker.makeConnection(transport)
    clock.advance(5)
    assert is_over(transport)


def test_who_has_agreed_may_rest_for_ever() -> None:
    """A connection that is quiet is none that is dead; nothing is left to go off."""
    broker, _, clock = fresh(Root())
    broker.dataReceived(banana.encode(b"pb"))
    assert not clock.getDelayedCalls()
    broker, _, clock = fresh(Root())
    broker.connectionLost()
    assert not clock.getDelayedCalls()


def test_who_does_not_log_in_is_given_up(logged: list[dict[str, Any]]) -> None:
    """After five minutes, unless told otherwise; what a login asks for does not count."""
    broker, transport, clock = fresh(portal(Realm()))
    broker.dataReceived(banana.encode(b"pb") + call(1, b"login", b"me"))
    clock.advance(299)
    assert not is_over(transport)
    clock.advance(1)
    assert is_over(transport)
    assert "PeerTimeout" in str(logged)
    broker, transport, clock = fresh(portal(Realm()), loginTimeout=None)
    broker.dataReceived(banana.encode(b"pb"))
    assert not clock.getDelayedCalls()


def test_who_has_logged_in_may_rest_for_ever() -> None:
    """Also after having left again."""
    realm = Realm()
    broker, _, clock = fresh(portal(realm))
    broker.dataReceived(banana.encode(b"pb") + call(1, b"loginAnonymous", [b"None"]))
    assert realm.inside == 1
    assert not clock.getDelayedCalls()


# Logins


def test_an_avatar_cannot_be_called_before_the_login(
    logged: list[dict[str, Any]],
) -> None:
    """The root of a portal has two methods, and no other object is lent."""
    realm = Realm()
    broker, transport, _ = fresh(portal(realm))
    broker.dataReceived(
        banana.encode(b"pb")
        + call(1, b"perspective_x")
        + call(2, b"respond", b"x" * 16, [b"None"])
        + banana.encode([b"message", 3, 1, b"respond", 1, [b"tuple"], [b"dictionary"]])
    )
    answers = list(banana.Decoder(INCOMING).expressions(transport.value()))
    assert [each[:2] for each in answers[-3:]] == [[b"error", n] for n in (1, 2, 3)]
    assert not realm.inside


def test_challenges_are_limited_as_references_are(
    join: Join, logged: list[Any]
) -> None:
    """Each is lent; who asks for thousands has the connection ended."""
    joined = join(portal(Realm()))
    held: list[Any] = []
    while not joined.client.disconnected:
        joined.root.callRemote("login", b"me").addCallbacks(held.append, lambda _: None)
        joined.flush()
    assert len(held) == 1024


@pytest.mark.parametrize("wants", [0, 1])
def test_logins_are_limited_as_references_are(
    wants: int, logged: list[dict[str, Any]]
) -> None:
    """Also of those who do not want the avatar; all are logged out at the end."""
    realm = Realm()
    broker, _, _ = fresh(portal(realm), maxReferences=10)
    broker.dataReceived(banana.encode(b"pb"))
    for number in range(1, 100):
        broker.dataReceived(call(number, b"loginAnonymous", [b"None"], wants=wants))
        assert realm.inside <= 12
    broker.connectionLost()
    assert not realm.inside


def test_one_who_logs_in_twice_has_two_avatars(join: Join) -> None:
    """Each is left by itself."""
    realm = Realm()
    joined = join(portal(realm))
    first = joined.outcome(joined.clients.login(UsernamePassword(b"me", b"pw")))
    second = joined.outcome(joined.clients.login(Anonymous()))
    assert first != second
    assert realm.inside == 2
    del first
    joined.collect()
    assert realm.inside == 1


def test_a_failed_login_is_one_short_line(join: Join, logged: list[Any]) -> None:
    """However long the name is."""
    joined = join(portal(Realm()))
    with pytest.raises(pb.RemoteError):
        joined.outcome(joined.clients.login(UsernamePassword(b"\xff" * 60_000, b"no")))
    (event,) = logged
    assert len(str(event["message"])) < 1000
    assert "not let in" in str(event["message"])


# Calls


@pytest.mark.parametrize("wants", [0, 1])
def test_calls_of_one_number_do_not_pass_the_limit(
    wants: int, logged: list[dict[str, Any]]
) -> None:
    """A number that is under way is used by one who cheats: the connection ends."""
    root = Root()
    broker, transport, _ = fresh(root, maxCalls=5)
    broker.dataReceived(banana.encode(b"pb") + call(1, b"never", wants=wants) * 100)
    assert is_over(transport)
    assert root.calls <= 5
    assert "ProtocolError" in str(logged)


def test_caches_that_come_are_limited(logged: list[dict[str, Any]]) -> None:
    """Their states are kept here until the other side says that it is over."""
    registry = jelly.Registry()
    registry.setUnjellyableForClass("Kept", Kept)
    broker, transport, _ = fresh(Root(), registry=registry, maxReferences=10)
    broker.dataReceived(banana.encode(b"pb"))
    for number in range(1, 100):
        cache = [b"Kept", number, [b"dictionary"]]
        broker.dataReceived(call(number, b"keep", cache))
    assert len(broker.locallyCachedObjects) == 10
    assert transport.value().count(b"cache count exceeded") == 89


def test_long_names_do_not_fill_the_log(logged: list[dict[str, Any]]) -> None:
    """Nor the answer."""
    broker, transport, _ = fresh(Root())
    broker.dataReceived(banana.encode(b"pb"))
    transport.clear()
    long = b"\xff" * 100_000
    broker.dataReceived(call(1, long) + banana.encode([b"didNotUnderstand", long]))
    assert len(transport.value()) < 2000
    assert len(logged) == 2
    assert all(len(str(event)) < 3000 for event in logged)


@pytest.mark.parametrize(
    "message",
    [[b"answer", 1, 5], [b"error", 1, [b"None"]]],
    ids=repr,
)
def test_an_answer_that_is_repeated_is_passed_over(join: Join, message: Any) -> None:
    """The call has its first answer; the connection goes on."""
    joined = join(Root())
    assert joined.call("count") == 1
    joined.client.dataReceived(banana.encode(message))
    assert joined.call("count") == 2


def test_a_pager_that_fails_is_told(join: Join, logged: list[dict[str, Any]]) -> None:
    """So that it lets go of what it reads from."""
    root = Root()
    joined = join(root)
    joined.root.callRemote("page", util.CallbackPageCollector(lambda pages: None))
    joined.flush()
    (pager,) = root.kept
    assert isinstance(pager.told, OSError)


# Names


@pytest.mark.parametrize("room", [banana, jelly, pb])
def test_errors_have_the_names_that_they_are_imported_by(room: Any) -> None:
    """Here and on the wire, where peers know them by those of the field."""
    errors = [
        kind
        for name in room.__all__
        if isinstance(kind := getattr(room, name), type)
        and issubclass(kind, BaseException)
    ]
    assert errors
    for kind in errors:
        assert "._" not in kind.__module__
    assert wire_name(banana.BananaError) == "twisted.spread.banana.BananaError"
    assert wire_name(jelly.InsecureJelly) == "twisted.spread.jelly.InsecureJelly"
