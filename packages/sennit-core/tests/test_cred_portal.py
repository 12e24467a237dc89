"""The way through a portal: from credentials to an avatar, or to a named error."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from zope.interface import Interface, implementer
from zope.interface.interface import InterfaceClass
from zope.interface.verify import verifyObject

from sennit.core import cred
from sennit.core.cred import checkers, contracts, credentials, interfaces, portal
from sennit.core.cred.error import (
    LoginDenied,
    LoginFailed,
    Unauthorized,
    UnauthorizedLogin,
    UnhandledCredentials,
)
from sennit.core.defer import Deferred, fail, succeed
from sennit.core.engine import Reactor
from sennit.core.failure import Failure

Drive = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]

# What is declared is Interfaces at run time, Protocols to type checkers.
window: Any = interfaces


class IMailbox(Interface):  # type: ignore[misc]
    """What the tests' avatars provide."""


class Realm:
    """Its avatars are what it was asked for."""

    def __init__(self) -> None:
        self.left: list[object] = []

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> Any:
        avatar = (avatarId, mind)
        return interfaces[0], avatar, lambda: self.left.append(avatar)


def outcome(deferred: Deferred[Any]) -> Any:
    """The result or the error of a Deferred that has fired."""
    found: list[Any] = []
    deferred.addBoth(found.append)
    (result,) = found
    return result.value if isinstance(result, Failure) else result


@pytest.fixture
def database() -> checkers.InMemoryUsernamePasswordDatabaseDontUse:
    return checkers.InMemoryUsernamePasswordDatabaseDontUse(bob=b"sesame")


BOB = credentials.UsernamePassword(b"bob", b"sesame")


def test_a_login_gives_interface_avatar_and_logout(
    database: checkers.InMemoryUsernamePasswordDatabaseDontUse,
) -> None:
    realm = Realm()
    entrance = portal.Portal(realm, [database])

    interface, avatar, logout = outcome(entrance.login(BOB, "mind", IMailbox))

    assert (interface, avatar) == (IMailbox, (b"bob", "mind"))
    assert realm.left == []
    logout()
    assert realm.left == [avatar]


@pytest.mark.parametrize("name", [b"bob", b"nobody"])
def test_wrong_password_and_unknown_user_are_one_error(
    database: checkers.InMemoryUsernamePasswordDatabaseDontUse, name: bytes
) -> None:
    entrance = portal.Portal(Realm(), [database])

    wrong = credentials.UsernamePassword(name, b"wrong")
    error = outcome(entrance.login(wrong, None, IMailbox))

    assert type(error) is UnauthorizedLogin
    assert str(error) == "unknown user or wrong password"


def test_realm_and_checker_may_answer_later_in_any_way(
    reactor: Reactor, drive: Drive
) -> None:
    """A value, a Deferred, a coroutine, a future of asyncio: each is waited for."""

    async def coroutine(value: Any) -> Any:
        await asyncio.sleep(0)
        return value

    def future(value: Any) -> Any:
        made = asyncio.get_running_loop().create_future()
        made.get_loop().call_soon(made.set_result, value)
        return made

    def plain(value: Any) -> Any:
        return value

    async def login(kind: Callable[[Any], Any]) -> Any:
        class Later(Realm):
            def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> Any:
                return kind(super().requestAvatar(avatarId, mind, *interfaces))

        class Checker:
            credentialInterfaces = (interfaces.IUsernamePassword,)

            def requestAvatarId(self, credentials: Any) -> Any:
                return kind(credentials.username)

        return await portal.Portal(Later(), [Checker()]).login(BOB, None, IMailbox)

    async def main() -> list[Any]:
        return [await login(each) for each in (plain, succeed, coroutine, future)]

    for interface, avatar, logout in drive(main):
        assert (interface, avatar) == (IMailbox, (b"bob", None))
        logout()


def test_a_future_as_the_answer_to_a_password_is_no_yes(
    reactor: Reactor, drive: Drive
) -> None:
    """What decides is the future's result, not that there is a future."""

    class Slow(credentials.UsernamePassword):
        def checkPassword(self, password: bytes) -> Any:
            made = asyncio.get_running_loop().create_future()
            made.set_result(super().checkPassword(password))
            return made

    async def main() -> None:
        database = checkers.InMemoryUsernamePasswordDatabaseDontUse(bob=b"sesame")
        assert await database.requestAvatarId(Slow(b"bob", b"sesame")) == b"bob"
        with pytest.raises(UnauthorizedLogin):
            await database.requestAvatarId(Slow(b"bob", b"wrong"))

    drive(main)


@pytest.mark.parametrize(
    "answer", [lambda: Failure(LoginDenied()), lambda: fail(LoginDenied())]
)
def test_a_checker_that_answers_with_a_failure_lets_nobody_in(
    answer: Callable[[], Any],
) -> None:
    class Checker:
        credentialInterfaces = (interfaces.IUsernamePassword,)

        def requestAvatarId(self, credentials: Any) -> Any:
            return answer()

    error = outcome(portal.Portal(Realm(), [Checker()]).login(BOB, None, IMailbox))

    assert isinstance(error, LoginDenied)


def test_an_error_raised_by_the_realm_is_the_logins(
    database: checkers.InMemoryUsernamePasswordDatabaseDontUse,
) -> None:
    class Full(Realm):
        def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> Any:
            raise LoginDenied("too many users")

    error = outcome(portal.Portal(Full(), [database]).login(BOB, None, IMailbox))

    assert isinstance(error, LoginDenied)
    assert str(error) == "too many users"


def test_credentials_that_nobody_can_check_are_named() -> None:
    entrance = portal.Portal(Realm())

    error = outcome(entrance.login(BOB, None, IMailbox))
    other = outcome(entrance.login(object(), None, IMailbox))

    assert isinstance(error, UnhandledCredentials)
    assert str(error) == (
        "No checker for sennit.core.cred.interfaces.IUsernamePassword"
    )
    assert str(other).startswith("No checker for <object object at")


def test_a_checker_may_be_registered_for_some_kinds_only(
    database: checkers.InMemoryUsernamePasswordDatabaseDontUse,
) -> None:
    entrance = portal.Portal(Realm())
    assert entrance.listCredentialsInterfaces() == []

    entrance.registerChecker(database, interfaces.IUsernameHashedPassword)
    kinds = entrance.listCredentialsInterfaces()

    assert kinds == [interfaces.IUsernameHashedPassword]
    assert isinstance(
        outcome(entrance.login(BOB, None, IMailbox)), UnhandledCredentials
    )
    entrance.registerChecker(database)
    assert sorted(entrance.listCredentialsInterfaces()) == [
        interfaces.IUsernameHashedPassword,
        interfaces.IUsernamePassword,
    ]


def test_credentials_of_a_derived_kind_are_checked_as_those_they_extend(
    database: checkers.InMemoryUsernamePasswordDatabaseDontUse,
) -> None:
    class IDerived(window.IUsernamePassword):  # type: ignore[misc]
        """A kind of somebody else."""

    @implementer(IDerived)
    class Derived:
        username = b"bob"
        password = b"sesame"

        def checkPassword(self, password: bytes) -> bool:
            return password == self.password

    entrance = portal.Portal(Realm(), [database])
    assert outcome(entrance.login(Derived(), None, IMailbox))[1] == (b"bob", None)


def test_who_wants_to_be_anonymous_is() -> None:
    entrance = portal.Portal(Realm(), [checkers.AllowAnonymousAccess()])

    login = outcome(entrance.login(credentials.Anonymous(), None, IMailbox))

    assert login[1] == (checkers.ANONYMOUS, None)
    assert checkers.ANONYMOUS == ()


def test_a_failed_login_can_be_caught_by_its_family() -> None:
    assert issubclass(UnauthorizedLogin, Unauthorized)
    for error in (UnauthorizedLogin, UnhandledCredentials, LoginDenied):
        assert issubclass(error, LoginFailed)


@pytest.mark.parametrize("name", interfaces.__all__)
def test_each_contract_is_an_interface_of_the_same_name(name: str) -> None:
    interface = getattr(window, name)
    assert isinstance(interface, InterfaceClass)
    assert interface.__identifier__ == f"sennit.core.cred.interfaces.{name}"
    assert interface.__doc__ == getattr(contracts, name).__doc__


@pytest.mark.parametrize(
    ("thing", "provided"),
    [
        (BOB, "IUsernamePassword"),
        (credentials.UsernameHashedPassword(b"", b""), "IUsernameHashedPassword"),
        (credentials.Anonymous(), "IAnonymous"),
        (credentials.CramMD5Credentials(), "IUsernameHashedPassword"),
        (
            credentials.DigestedCredentials(b"", b"", b"", {}),
            "IUsernameHashedPassword",
        ),
        (credentials.DigestedCredentials(b"", b"", b"", {}), "IUsernameDigestHash"),
        (checkers.AllowAnonymousAccess(), "ICredentialsChecker"),
        (checkers.FilePasswordDB(""), "ICredentialsChecker"),
        (checkers.HashedPasswordDatabase(), "ICredentialsChecker"),
        (
            checkers.InMemoryUsernamePasswordDatabaseDontUse(),
            "ICredentialsChecker",
        ),
    ],
)
def test_our_classes_provide_what_they_declare(thing: object, provided: str) -> None:
    interface = getattr(window, provided)
    assert verifyObject(interface, thing)
    if provided.startswith("IUser"):
        assert window.ICredentials.providedBy(thing)


def test_the_package_imports_its_modules_when_they_are_asked_for() -> None:
    program = (
        "import sys; from sennit.core import cred;"
        "print('zope.interface' in sys.modules, cred.portal.__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False sennit.core.cred.portal\n"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        cred.nothing  # noqa: B018
