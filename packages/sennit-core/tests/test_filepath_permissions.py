"""Who may do what with a file, out of its mode."""

from __future__ import annotations

import stat

from hypothesis import given, strategies

from sennit.core.filepath import RWX, Permissions


@given(strategies.integers(min_value=0, max_value=0o7777))
def test_permissions_are_spelled_as_ls_spells_them(mode: int) -> None:
    plain = mode & 0o777
    assert Permissions(mode).shorthand() == stat.filemode(plain)[1:]


@given(*[strategies.integers(min_value=0, max_value=0o777)] * 2)
def test_permissions_are_equal_when_they_allow_the_same(one: int, two: int) -> None:
    assert (Permissions(one) == Permissions(two)) is (one == two)
    assert len({Permissions(one), Permissions(two)}) == len({one, two})


def test_permissions_are_of_owner_group_and_others() -> None:
    permissions = Permissions(0o751)
    assert permissions.user == RWX(True, True, True)
    assert permissions.group == RWX(True, False, True)
    assert permissions.other == RWX(False, False, True)


def test_permissions_equal_nothing_else() -> None:
    assert Permissions(0o7) != 0o7
    assert RWX(True, True, True) != "rwx"


def test_permissions_show_themselves() -> None:
    assert repr(Permissions(0o640)) == "Permissions(rw-r-----)"
    assert repr(RWX(True, False, True)) == "RWX(read=True, write=False, execute=True)"


def test_equal_rights_of_one_kind_of_user_are_one_key() -> None:
    assert len({RWX(True, False, False), RWX(True, False, False)}) == 1
