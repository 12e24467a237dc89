"""``twisted.persisted``: aot, crefutil, dirdbm, styles."""

from __future__ import annotations

import datetime
import re
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.compat.faces.persisted import aot, crefutil, dirdbm, styles
from sennit.compat.faces.python.filepath import FilePath


class Thing:
    def __init__(self, **state: Any) -> None:
        vars(self).update(state)

    def method(self) -> Thing:
        return self


class OfOne:
    def __getstate__(self) -> int:
        return 5

    def __setstate__(self, state: int) -> None:
        self.state = state


def function() -> None:
    """One with a name."""


# Sources

HERE = __name__


@pytest.mark.parametrize(
    ("given", "source"),
    [
        (5, "5"),
        ("it's", '"it\'s"'),
        ([], "[]"),
        ((), "()"),
        ({}, "{}"),
        ((1,), "(\n  1,\n  )"),
        (
            {"a": {"b": [], 1: None}},
            "{\n  'a':{\n    'b':[],\n    1:None,\n    },\n  }",
        ),
        (Thing(), f"Instance('{HERE}.Thing',None)"),
        (
            Thing(x=1, y=[2]),
            f"Instance('{HERE}.Thing',\n  x=1,\n  y=[\n    2,\n    ],)",
        ),
        (
            Thing(**{"class": 1}),
            f"Instance('{HERE}.Thing',{{\n    'class':1,\n    }})",
        ),
        (OfOne(), f"Instance('{HERE}.OfOne',5)"),
        (Thing, f"Class('{HERE}.Thing')"),
        (function, f"Function('{HERE}.function')"),
        (aot, "Module('sennit.compat.faces.persisted.aot')"),
        (
            Thing().method,
            f"InstanceMethod('method','{HERE}.Thing',\n"
            f"  Instance('{HERE}.Thing',None))",
        ),
    ],
)
def test_an_object_is_a_readable_source(given: Any, source: str) -> None:
    assert aot.jellyToSource(given) == f"app={source}"


def test_what_is_shared_has_a_number() -> None:
    shared: list[int] = [1]
    source = aot.jellyToSource([shared, shared])
    assert source == "app=[\n  Ref(1,\n    [\n      1,\n      ]),\n  Deref(1),\n  ]"


def same(given: Any) -> Any:
    source = aot.jellyToSource(given)
    assert source is not None
    return aot.unjellyFromSource(source)


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.tuples(st.integers()), inner)
        | st.sets(st.integers())
    ),
)


@given(_VALUES)
def test_values_come_back(value: Any) -> None:
    assert same(value) == value


@pytest.mark.parametrize(
    "value", [datetime.date(2020, 1, 2), re.compile("x"), frozenset([1]), len, Thing]
)
def test_other_objects_come_back(value: Any) -> None:
    assert same(value) == value


def test_circles_come_back() -> None:
    items: list[Any] = []
    thing = Thing(items=items)
    items.extend([thing, (thing,), {"me": thing}, thing.method])
    back = same(thing)
    assert back.items[0] is back.items[1][0] is back.items[2]["me"] is back
    assert back.items[3]() is back
    assert same(OfOne()).state == 5


def test_a_file_takes_a_source() -> None:
    binary, text = BytesIO(), StringIO()
    aot.jellyToSource([], binary)
    aot.jellyToSource([], text)
    assert (binary.getvalue(), text.getvalue()) == (b"app=[]", "app=[]")
    text.seek(0)
    assert aot.unjellyFromSource(text) == []


@pytest.mark.parametrize(
    ("source", "kind", "says"),
    [
        ("x=5", ValueError, "'app'"),
        ("app=Deref(4)", ValueError, "4"),
        ("app=open", NameError, "open"),
        (f"app=InstanceMethod('gone','{HERE}.Thing',None)", TypeError, "gone"),
    ],
)
def test_a_source_that_makes_no_object(
    source: str, kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=says):
        aot.unjellyFromSource(source)


def test_a_reference_is_set_once() -> None:
    ref = aot.Ref()
    ref.setRef(1)
    ref.setObj(["x"])
    with pytest.raises(ValueError, match="number 1"):
        ref.setRef(2)
    with pytest.raises(ValueError, match="'x'"):
        ref.setObj(5)
    assert aot.unjellyFromAOT([ref, aot.Deref(1)]) == [["x"], ["x"]]


def test_what_is_not_known_yet_is_put_in_place_later() -> None:
    early: list[Any] = [None]
    late: dict[str, str] = {}
    unknown = crefutil.NotKnown()
    unknown.addDependant(early, 0)
    unknown.resolveDependants("it")
    unknown.addDependant(late, "key")
    assert (early, late) == (["it"], {"key": "it"})
    with pytest.raises(AssertionError):
        hash(unknown)


def test_texts_in_memory_of_old_pickles() -> None:
    text = StringIO("abcdef")
    text.seek(3)
    for keep in (styles.pickleStringI, styles.pickleStringO):
        make, arguments = keep(text)
        assert (arguments, make(*arguments).read()) == (("abcdef", 3), "def")


# Folders


@given(st.dictionaries(st.binary(min_size=1, max_size=90), st.binary(), max_size=4))
def test_a_folder_is_a_mapping(
    tmp_path_factory: pytest.TempPathFactory, pairs: dict[bytes, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("db") / "db"
    dirdbm.DirDBM(str(folder)).update(pairs)
    db = dirdbm.open(bytes(folder))
    assert dict(db.items()) == pairs
    assert (len(db), sorted(db), sorted(db.values())) == (
        len(pairs),
        sorted(pairs),
        sorted(pairs.values()),
    )


@pytest.fixture
def db(tmp_path: Path) -> dirdbm.DirDBM:
    made = dirdbm.DirDBM(FilePath(str(tmp_path / "db")))
    made[b"a/b\n"] = b"1"
    return made


def test_its_files_are_named_as_twisted_names_them(
    db: dirdbm.DirDBM, tmp_path: Path
) -> None:
    assert [each.name for each in (tmp_path / "db").iterdir()] == ["YS9iCg==_"]
    db[b"\xff" * 58] = b""
    assert (tmp_path / "db" / ("-" * 76 + "_" + "-" + "w==_")).exists()


def test_a_key_that_is_not_there(db: dirdbm.DirDBM) -> None:
    assert (db.get(b"x"), db.get(b"x", 5), b"x" in db, db.has_key(b"a/b\n")) == (
        None,
        5,
        False,
        True,
    )
    for fails in (db.__getitem__, db.__delitem__, db.getModificationTime):
        with pytest.raises(KeyError):
            fails(b"x")
    assert b"" not in db
    with pytest.raises(KeyError):
        db[b""] = b"no file can have its name"
    assert (db.setdefault(b"x", b"2"), db.setdefault(b"x", b"3")) == (b"2", b"2")
    del db[b"x"]
    assert b"x" not in db


def test_only_bytes_are_taken(db: dirdbm.DirDBM, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="key must be bytes"):
        db["a"]  # type: ignore[index]
    with pytest.raises(TypeError, match="value must be bytes"):
        db[b"a"] = "b"
    assert len(list((tmp_path / "db").iterdir())) == 1


def test_a_copy_has_the_same_and_nothing_else(
    db: dirdbm.DirDBM, tmp_path: Path
) -> None:
    other = dirdbm.DirDBM(str(tmp_path / "other"))
    other[b"old"] = b""
    assert db.copyTo(str(tmp_path / "other")).items() == db.items()
    assert other.items() == [(b"a/b\n", b"1")]
    with pytest.raises(ValueError, match="itself"):
        db.copyTo(str(tmp_path / "db"))
    db.clear()
    assert (len(db), len(other)) == (0, 1)


def test_what_was_interrupted_is_cleaned_up(tmp_path: Path) -> None:
    """Files that Twisted leaves, too."""
    folder = tmp_path / "db"
    db = dirdbm.DirDBM(str(folder))
    db[b"a"], db[b"b"] = b"1", b"2"
    a, b = "YQ==_", "Yg==_"
    (folder / f"{a}.new").write_bytes(b"half")
    (folder / f"{a}.rpl").write_bytes(b"late")
    (folder / b).rename(folder / f"{b}.rpl")
    again = dirdbm.DirDBM(str(folder))
    assert sorted(again.items()) == [(b"a", b"1"), (b"b", b"2")]


def test_a_shelf_keeps_objects(tmp_path: Path) -> None:
    shelf = dirdbm.Shelf(str(tmp_path / "shelf"))
    shelf[b"k"] = {"a": [1]}
    assert shelf[b"k"] == {"a": [1]}
    assert shelf.values() == [{"a": [1]}]
    shelf.close()
    assert shelf.getModificationTime(b"k") > 0
