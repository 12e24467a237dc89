"""Failure: an exception as a value."""

from __future__ import annotations

import dis
import gc
import io
import pickle
import sys
import traceback
import weakref
from collections.abc import Generator

import pytest

from sennit.core import failure
from sennit.core.failure import (
    DefaultException,
    Failure,
    NoCurrentExceptionError,
    format_frames,
)


def divide() -> float:
    kept = "xyz"
    assert kept
    return 1 / 0


def failed(captureVars: bool = False) -> Failure:
    try:
        divide()
    except ZeroDivisionError:
        return Failure(captureVars=captureVars)
    raise AssertionError


class Unshowable(Exception):
    def __str__(self) -> str:
        raise ValueError("no text")

    __repr__ = __str__


def test_a_failure_of_nothing_holds_the_exception_being_handled() -> None:
    made = failed()
    assert made.type is ZeroDivisionError
    assert str(made.value) == "division by zero"
    assert made.tb is made.value.__traceback__


def test_without_an_exception_being_handled_there_is_nothing_to_hold() -> None:
    with pytest.raises(NoCurrentExceptionError):
        Failure()


def test_an_exception_brings_its_own_traceback() -> None:
    error = failed().value
    assert Failure(error).tb is error.__traceback__


def test_a_failure_of_a_failure_shares_its_error() -> None:
    inner = failed()
    outer = Failure(inner)
    assert outer.value is inner.value
    assert outer.tb is inner.tb


def test_a_failure_that_was_raised_is_not_wrapped_again() -> None:
    inner = failed()
    try:
        raise inner
    except Failure:
        assert Failure().value is inner.value


def test_trap_gives_the_kind_that_fits() -> None:
    assert failed().trap(KeyError, ArithmeticError) is ArithmeticError


def test_trap_raises_the_error_that_does_not_fit() -> None:
    made = failed()
    with pytest.raises(ZeroDivisionError) as raised:
        made.trap(KeyError)
    assert raised.value is made.value


def test_check_takes_classes_and_full_names() -> None:
    made = failed()
    assert made.check(KeyError) is None
    assert made.check(KeyError, ZeroDivisionError) is ZeroDivisionError
    assert made.check("builtins.ArithmeticError") == "builtins.ArithmeticError"
    assert made.check("ArithmeticError") is None
    assert made.check("builtins.KeyError", ArithmeticError) is ArithmeticError


def test_an_error_known_by_name_only_can_be_checked() -> None:
    made = Failure("text", "far.away.RemoteError")
    assert made.check("far.away.RemoteError") == "far.away.RemoteError"
    assert made.check(KeyError) is None
    assert made.parents == ["far.away.RemoteError"]


def test_parents_name_all_base_classes() -> None:
    assert failed().parents == [
        "builtins.ZeroDivisionError",
        "builtins.ArithmeticError",
        "builtins.Exception",
        "builtins.BaseException",
        "builtins.object",
    ]


def test_raising_again_shows_where_the_error_came_from() -> None:
    made = failed()
    with pytest.raises(ZeroDivisionError) as raised:
        made.raiseException()
    assert traceback.extract_tb(raised.tb)[-1].line == "return 1 / 0"


def test_raising_twice_does_not_lengthen_the_traceback() -> None:
    made = failed()
    lengths = []
    for _ in range(2):
        try:
            made.raiseException()
        except ZeroDivisionError as error:
            lengths.append(len(traceback.extract_tb(error.__traceback__)))
    assert lengths[0] == lengths[1]


def test_what_is_no_exception_is_raised_as_one() -> None:
    with pytest.raises(DefaultException) as raised:
        Failure(12).raiseException()
    assert raised.value.args == (12,)


def test_an_error_can_be_thrown_into_a_generator() -> None:
    def waiting() -> Generator[str, None, None]:
        try:
            yield "first"
        except ZeroDivisionError:
            yield "caught"

    generator = waiting()
    next(generator)
    assert failed().throwExceptionIntoGenerator(generator) == "caught"


def test_texts_without_a_traceback_are_those_the_poetry_programs_show() -> None:
    made = Failure(Exception("I have failed."))
    brief = "Traceback (failure with no frames): <class 'Exception'>: I have failed.\n"
    assert str(made) == f"[Failure instance: {brief}]"
    assert made.getBriefTraceback() == brief
    assert made.getTraceback() == (
        "Traceback (most recent call last):\n"
        "Failure: builtins.Exception: I have failed.\n"
    )
    assert repr(made) == (
        "<sennit.core.failure.Failure builtins.Exception: I have failed.>"
    )
    assert made.getErrorMessage() == "I have failed."


def test_the_default_text_is_python_s_own_layout() -> None:
    lines = failed().getTraceback().splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-3].endswith(", in divide")
    assert lines[-2] == "    return 1 / 0"
    assert lines[-1] == "builtins.ZeroDivisionError: division by zero"


def test_the_text_begins_with_what_the_error_was_raised_from() -> None:
    try:
        try:
            divide()
        except ZeroDivisionError as error:
            raise KeyError("x") from error
    except KeyError:
        text = Failure().getTraceback()
    first, _, second = text.partition("\nThe above exception was the direct cause")
    assert "ZeroDivisionError: division by zero" in first
    assert second.endswith("builtins.KeyError: 'x'\n")


def test_the_text_begins_with_what_was_being_handled() -> None:
    try:
        try:
            divide()
        except ZeroDivisionError:
            raise KeyError("x")  # noqa: B904  (the context is what is tested)
    except KeyError:
        text = Failure().getTraceback()
    assert "During handling of the above exception" in text


def test_the_verbose_text_has_the_captured_variables() -> None:
    out = io.StringIO()
    made = failed(captureVars=True)
    made.printDetailedTraceback(out)
    text = out.getvalue()
    assert text.startswith(f"*--- Failure #{made.count} ---\n")
    assert "  kept : 'xyz'\n" in text
    assert text.endswith(f"*--- End of Failure #{made.count} ---\n")


def test_the_verbose_text_says_that_no_variables_were_captured() -> None:
    text = failed().getTraceback(detail="verbose")
    assert " [Capture of Locals and Globals disabled (use captureVars=True)]\n" in text


def test_printing_without_a_file_goes_to_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    failed().printBriefTraceback()
    assert "division by zero" in capsys.readouterr().err


def test_an_unknown_detail_is_refused() -> None:
    with pytest.raises(ValueError, match="noisy"):
        failed().getTraceback(detail="noisy")
    with pytest.raises(ValueError, match="noisy"):
        format_frames([], io.StringIO().write, "noisy")


@pytest.mark.parametrize("detail", ["default", "brief", "verbose"])
def test_an_error_that_cannot_be_shown_still_has_a_text(detail: str) -> None:
    made = Failure(Unshowable())
    assert "Unshowable" in made.getTraceback(detail=detail)
    assert "with str error" in made.getErrorMessage()


def test_failures_have_different_numbers() -> None:
    first, second = failed(), failed()
    assert first.count != second.count
    assert first.count == first.count


def test_cleaning_lets_go_of_what_the_frames_hold() -> None:
    class Big:
        pass

    def fail() -> Failure:
        big = Big()
        held.append(weakref.ref(big))
        try:
            divide()
        except ZeroDivisionError:
            return Failure()
        raise AssertionError

    held: list[weakref.ref[Big]] = []
    made = fail()
    gc.collect()
    assert held[0]() is not None
    text = made.getTraceback()
    made.cleanFailure()
    gc.collect()
    assert held[0]() is None
    assert made.getTraceback() == text


def test_a_cleaned_failure_has_a_traceback_object_that_shows_the_same() -> None:
    made = failed()
    before = traceback.extract_tb(made.getTracebackObject())
    made.cleanFailure()
    rebuilt = made.getTracebackObject()
    assert traceback.extract_tb(rebuilt) == before
    with pytest.raises(ZeroDivisionError) as raised:
        made.raiseException()
    assert traceback.extract_tb(raised.tb)[-1].name == "divide"


def test_the_traceback_object_suits_the_disassembler() -> None:
    out = io.StringIO()
    tb = failed().getTracebackObject()
    dis.distb(tb and tb.tb_next, file=out)
    assert " --> " in out.getvalue()


def test_a_failure_survives_a_pickle_without_its_traceback_object() -> None:
    made = failed(captureVars=True)
    again = pickle.loads(pickle.dumps(made))
    assert again.tb is None
    assert again.pickled == 1
    assert again.frames[-1][0] == "divide"
    assert again.parents == made.parents
    assert again.count == made.count
    assert again.getTraceback() == made.getTraceback()
    assert again.check(ZeroDivisionError) is ZeroDivisionError


def test_frames_and_parents_can_be_set() -> None:
    made = failed()
    made.frames = made.frames[-1:]
    made.parents = ["other"]
    assert len(made.frames) == 1
    assert made.parents == ["other"]


def test_debug_mode_opens_the_debugger_on_each_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Debugger:
        def __init__(self) -> None:
            self.seen: list[object] = []

        def post_mortem(self, tb: object) -> None:
            self.seen.append(tb)

    debugger = Debugger()
    monkeypatch.setitem(sys.modules, "pdb", debugger)
    room = sys.modules["sennit.core.failure._failure"]
    monkeypatch.setattr(room, "_debugger", None)
    failure.startDebugMode()
    made = failed()
    assert debugger.seen == [made.tb]


class Foreign(Exception):
    remoteParents = ("elsewhere.Refused", "builtins.LookupError")


def test_an_exception_can_stand_for_one_of_another_process() -> None:
    """It is of the kinds that it names, besides those it is by its class."""
    made = Failure(Foreign("no"))
    assert made.check(LookupError) is LookupError
    assert made.check("elsewhere.Refused") == "elsewhere.Refused"
    assert made.check(KeyError, Foreign) is Foreign
    assert made.check(KeyError) is None
    with pytest.raises(Foreign):
        made.trap(KeyError)
