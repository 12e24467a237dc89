"""Passwords, hashed passwords and CRAM-MD5 as credentials."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from sennit.core.cred.credentials import (
    CramMD5Credentials,
    UsernameHashedPassword,
    UsernamePassword,
)
from sennit.core.cred.error import LoginFailed


def test_a_password_is_right_if_it_is_equal() -> None:
    given = UsernamePassword(b"bob", b"sesame")

    assert (given.username, given.password) == (b"bob", b"sesame")
    assert given.checkPassword(b"sesame")
    assert not given.checkPassword(b"sesam")
    assert not given.checkPassword(b"")


def test_a_hash_is_right_if_it_is_what_is_stored() -> None:
    given = UsernameHashedPassword(b"bob", b"0a1b")

    assert (given.username, given.hashed) == (b"bob", b"0a1b")
    assert given.checkPassword(b"0a1b")
    assert not given.checkPassword(b"0a1c")


def test_text_as_old_programs_have_it_stands_for_its_utf_8() -> None:
    given = UsernamePassword("bob", "sésame")  # type: ignore[arg-type]

    assert given.checkPassword("sésame")  # type: ignore[arg-type]
    assert given.checkPassword("sésame".encode())
    assert not given.checkPassword(b"sesame")


def test_a_challenge_stays_the_same_and_is_never_used_again() -> None:
    login, other = CramMD5Credentials("example.org"), CramMD5Credentials(b"example.org")

    challenge = login.getChallenge()

    assert challenge.startswith(b"<")
    assert challenge.endswith(b"@example.org>")
    assert login.getChallenge() == challenge == login.challenge
    assert other.getChallenge() != challenge
    assert CramMD5Credentials().getChallenge().endswith(b"@localhost>")


def test_the_answer_to_a_challenge_is_keyed_with_the_password() -> None:
    """As in the example of RFC 2195 §2."""
    login = CramMD5Credentials()
    login.challenge = b"<1896.697170952@postoffice.reston.mci.net>"

    login.setResponse(b"tim b913a602c7eda7a495b4e6e7334d3890")

    assert login.username == b"tim"
    assert login.checkPassword(b"tanstaaftanstaaf")
    assert not login.checkPassword(b"tanstaaf")
    assert not login.moreChallenges()


def test_a_name_may_have_spaces_in_it() -> None:
    login = CramMD5Credentials()
    digest = hmac.new(b"sesame", login.getChallenge(), hashlib.md5).hexdigest()

    login.setResponse(b"Ali Baba " + digest.encode() + b"\r\n")

    assert login.username == b"Ali Baba"
    assert login.checkPassword(b"sesame")


def test_without_an_answer_no_password_is_right() -> None:
    assert not CramMD5Credentials().checkPassword(b"")


@pytest.mark.parametrize("answer", [b"", b"tim", b" \r\n"])
def test_an_answer_that_is_none_is_a_failed_login(answer: bytes) -> None:
    with pytest.raises(LoginFailed):
        CramMD5Credentials().setResponse(answer)
