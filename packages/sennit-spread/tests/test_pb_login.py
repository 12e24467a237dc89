"""Logging in: who may, what they get, and when they have left."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from zope.interface import implementer
from zope.interface.verify import verifyObject

from sennit.core.cred import checkers
from sennit.core.cred.credentials import (
    Anonymous,
    IUsernameHashedPassword,
    UsernamePassword,
)
from sennit.core.cred.error import UnauthorizedLogin
from sennit.core.cred.portal import IRealm, Portal
from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.spread import pb
from sennit.spread.pb._login import Challenger

Join = Callable[..., Any]


class User(pb.Avatar):
    def __init__(self, name: Any, mind: Any) -> None:
        self.name = name
        self.mind = mind
        self.left = 0

    def perspective_name(self) -> Any:
        return self.name

    def perspective_ask_mind(self) -> Any:
        return self.mind.callRemote("hello", self.name)

    def perspective_thing(self) -> Thing:
        return Thing()

    def perspective_is_mine(self, thing: Any) -> bool:
        return thing.perspective is self

    def logout(self) -> None:
        self.left += 1


class Thing(pb.Viewable):
    def view_whose(self, perspective: User) -> Any:
        return perspective.name


class Mind(pb.Referenceable):
    def remote_hello(self, name: Any) -> str:
        return f"hello, {name.decode()}"


@implementer(IRealm)
class Realm:
    def __init__(self) -> None:
        self.users: list[User] = []
        self.later: Deferred[Any] | None = None
        self.shared: User | None = None

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> Any:
        assert pb.IPerspective in interfaces
        user = self.shared or User(avatarId, mind)
        self.users.append(user)
        login = (pb.IPerspective, user, user.logout)
        if self.later is not None:
            return self.later.addCallback(lambda _: login)
        return login


def portal(realm: Realm) -> Portal:
    checker = checkers.InMemoryUsernamePasswordDatabaseDontUse(guest=b"secret")
    return Portal(realm, [checker, checkers.AllowAnonymousAccess()])


GUEST = UsernamePassword(b"guest", b"secret")


def test_a_user_gets_an_avatar(join: Join) -> None:
    """Which knows the user's name, and can call what came along as mind."""
    realm = Realm()
    joined = join(portal(realm))
    avatar = joined.outcome(joined.clients.login(GUEST, client=Mind()))
    assert joined.outcome(avatar.callRemote("name")) == b"guest"
    assert joined.outcome(avatar.callRemote("ask_mind")) == "hello, guest"
    with pytest.raises(pb.RemoteError, match="perspective_nothing"):
        joined.outcome(avatar.callRemote("nothing"))


def test_a_name_and_password_may_be_text(join: Join) -> None:
    """They are UTF-8 then."""
    joined = join(portal(Realm()))
    text: Any = UsernamePassword("guest", "secret")  # type: ignore[arg-type]
    avatar = joined.outcome(joined.clients.login(text))
    assert joined.outcome(avatar.callRemote("name")) == b"guest"


def test_somebody_without_a_name_gets_an_avatar(join: Join) -> None:
    """If the portal lets in whoever comes."""
    joined = join(portal(Realm()))
    avatar = joined.outcome(joined.clients.login(Anonymous()))
    assert joined.outcome(avatar.callRemote("name")) == ()


@pytest.mark.parametrize("name", [b"guest", b"nobody"])
def test_a_wrong_password_is_told_and_noted(
    join: Join, name: bytes, logged: list[dict[str, Any]]
) -> None:
    """As what it is: a warning that says who it was, not an error nobody has handled."""
    joined = join(portal(Realm()))
    with pytest.raises(pb.RemoteError) as caught:
        joined.outcome(joined.clients.login(UsernamePassword(name, b"wrong")))
    assert caught.value.check(UnauthorizedLogin)
    (event,) = logged
    (told,) = event["message"]
    assert told.endswith(f"was not let in as {name!r}")
    assert "127.0.0.1" in told
    assert event["failure"].check(UnauthorizedLogin)


@pytest.mark.parametrize("name", [5, [b"guest"], None])
def test_a_name_that_is_none_is_refused(
    join: Join, name: Any, logged: list[dict[str, Any]]
) -> None:
    """Whatever it is."""
    joined = join(portal(Realm()))
    with pytest.raises(pb.RemoteError) as caught:
        joined.call("login", name)
    assert caught.value.check(UnauthorizedLogin)


def test_a_challenge_is_answered_once(join: Join, logged: list[dict[str, Any]]) -> None:
    """And by bytes: whoever guesses has to ask for another each time."""
    joined = join(portal(Realm()))
    challenge, challenger = joined.call("login", b"guest")
    with pytest.raises(pb.RemoteError):
        joined.outcome(challenger.callRemote("respond", 7, None))
    right = pb.respond(challenge, b"secret")
    assert joined.outcome(challenger.callRemote("respond", right, None))
    with pytest.raises(pb.RemoteError, match="once"):
        joined.outcome(challenger.callRemote("respond", right, None))


def test_an_answer_is_of_the_form_that_all_peers_know() -> None:
    """The digest of the password's digest and the challenge."""
    digest = hashlib.md5(b"secret").digest()
    assert pb.respond(b"abc", b"secret") == hashlib.md5(digest + b"abc").digest()
    assert len(pb.challenge()) == 16
    assert pb.challenge() != pb.challenge()


def test_a_challenge_is_credentials_of_two_kinds() -> None:
    """A checker may have the password, or its digest."""
    broker: Any = None
    challenger = Challenger(portal(Realm()), broker, b"guest", b"abc")
    assert not challenger.checkPassword(b"secret")
    challenger.response = pb.respond(b"abc", b"secret")
    assert challenger.checkPassword(b"secret")
    assert challenger.checkMD5Password(hashlib.md5(b"secret").digest())
    assert not challenger.checkPassword(b"other")
    assert verifyObject(IUsernameHashedPassword, challenger)
    assert verifyObject(pb.IUsernameMD5Password, challenger)


def test_a_user_who_drops_the_avatar_has_left(join: Join) -> None:
    """The connection goes on."""
    realm = Realm()
    joined = join(portal(realm))
    avatar = joined.outcome(joined.clients.login(GUEST))
    assert avatar
    assert realm.users[0].left == 0
    del avatar
    joined.collect()
    assert realm.users[0].left == 1
    joined.client.transport.loseConnection()
    joined.flush()
    assert realm.users[0].left == 1


def test_a_user_whose_connection_ends_has_left(join: Join) -> None:
    """Each login is ended once, also of an avatar that several have got."""
    realm = Realm()
    realm.shared = User(b"all", None)
    joined = join(portal(realm))
    avatars = [joined.outcome(joined.clients.login(GUEST)) for _ in range(2)]
    assert avatars[0] is avatars[1]
    joined.client.transport.loseConnection()
    joined.flush()
    assert realm.shared.left == 2


def test_a_user_who_goes_before_the_avatar_comes_has_left(
    join: Join, logged: list[dict[str, Any]]
) -> None:
    """The realm took its time."""
    realm = Realm()
    realm.later = Deferred()
    joined = join(portal(realm))
    joined.clients.login(GUEST).addErrback(lambda _: None)
    joined.flush()
    joined.client.transport.loseConnection()
    joined.flush()
    realm.later.callback(None)
    assert realm.users[0].left == 1


def test_a_logout_that_fails_is_reported(
    join: Join, logged: list[dict[str, Any]]
) -> None:
    """And keeps nobody else in."""
    realm = Realm()
    realm.shared = User(b"all", None)
    realm.shared.logout = lambda: 1 / 0  # type: ignore[assignment]
    joined = join(portal(realm))
    avatar = joined.outcome(joined.clients.login(GUEST))
    assert avatar
    joined.client.transport.loseConnection()
    joined.flush()
    assert logged[0]["failure"].check(ZeroDivisionError)


def test_what_an_avatar_gives_away_is_seen_by_its_user(join: Join) -> None:
    """A viewable knows whose it is, also when it comes back."""
    joined = join(portal(Realm()))
    avatar = joined.outcome(joined.clients.login(GUEST))
    thing = joined.outcome(avatar.callRemote("thing"))
    assert joined.outcome(thing.callRemote("whose")) == b"guest"
    assert joined.outcome(avatar.callRemote("is_mine", thing))


def test_references_of_two_users_are_two(join: Join) -> None:
    """What goes to one must not be made for the other."""
    realm = Realm()
    joined, mind = join(portal(realm)), Mind()
    login = joined.clients.login
    avatars = [joined.outcome(login(GUEST, client=mind)) for _ in range(2)]
    for avatar in avatars:
        assert joined.outcome(avatar.callRemote("is_mine", mind))
    del avatars
    gc.collect()


def test_a_client_may_ask_before_it_is_connected() -> None:
    """And is told when that fails, or takes it back."""
    factory = pb.PBClientFactory()
    asked, taken_back = factory.getRootObject(), factory.login(GUEST)
    errors: list[Any] = []
    asked.addErrback(lambda failure: errors.append(failure.type))
    taken_back.addErrback(lambda failure: errors.append(failure.type.__name__))
    taken_back.cancel()
    assert errors == ["CancelledError"]
    connector: Any = None
    factory.clientConnectionFailed(connector, Failure(ConnectionError()))
    assert errors[1] is ConnectionError
    factory.disconnect()


def test_whatever_waits_goes_on_waiting_if_the_client_reconnects() -> None:
    """Its factory says so."""
    factory = pb.PBClientFactory()
    failures: list[Any] = []
    factory.getRootObject().addErrback(failures.append)
    nothing: Any = None
    factory.clientConnectionLost(nothing, nothing, reconnecting=True)
    assert not failures
    factory.clientConnectionLost(nothing, Failure(ConnectionError()))
    assert failures


def test_credentials_that_are_neither_are_refused() -> None:
    """Before anything is sent."""
    failures: list[Any] = []
    nothing: Any = object()
    pb.PBClientFactory().login(nothing).addErrback(failures.append)
    assert failures[0].check(TypeError)
