"""The command: what is installed, help about it, and functions as commands."""

from __future__ import annotations

import re
import sys
from importlib.metadata import EntryPoint
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from sennit.app import cli
from sennit.app.cli import _functions, _group, _options
from sennit.app.runner import Plan, RunError
from sennit.app.service import ServiceMaker
from sennit.core.protocol import Factory


def echo(
    greeting: str,
    *,
    listen: list[str] = ["tcp:7"],  # noqa: B006
    shout: bool = False,
    times: int = 1,
    name: str | None = None,
) -> Factory:
    """Send everything back.

    It is sent as it came.

    Args:
        greeting: Sent first.
        shout: In capitals, if that
            is wanted.
        times: How often.
    """
    return Factory()


@click.command()
def own() -> None:
    """Be a command of click."""
    click.echo("own")


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three commands that others have added, one of them broken."""
    values = {"echo": f"{__name__}:echo", "own": f"{__name__}:own", "bad": "no.such:x"}
    found = [EntryPoint(name, value, _group.GROUP) for name, value in values.items()]
    objects = {"echo": echo, "own": own}

    def imported(point: EntryPoint, wrong: type[Exception]) -> Any:
        if point.name == "bad":
            raise wrong("'bad' of somebody cannot be used: no.such:x")
        return objects[point.name]

    monkeypatch.setattr(_group, "points", lambda group: found)
    monkeypatch.setattr(_group, "imported", imported)


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """The plans that would be run."""
    seen: list[Plan] = []

    def run(plan: Plan) -> int:
        seen.append(plan)
        return 0

    monkeypatch.setattr(_options, "run", run)
    return seen


def sennit(*words: str) -> Result:
    return CliRunner().invoke(_group.sennit, list(words))


def test_help_lists_all_commands_and_says_what_is_broken() -> None:
    printed = sennit("--help").output
    for name, said in (
        ("run", "Run a .tac file"),
        ("twistd", "as twistd does"),
        ("echo", "Send everything back."),
        ("own", "Be a command of click."),
        ("bad", "(cannot be used"),
    ):
        assert re.search(rf"(?m)^  {name} +.*{re.escape(said)}", printed), printed


def test_a_broken_command_says_why_when_it_is_used() -> None:
    result = sennit("bad", "--anything", "x")
    assert result.exit_code == 1
    assert "'bad' of somebody cannot be used: no.such:x" in result.output


def test_a_word_that_is_no_command_gets_a_hint() -> None:
    result = sennit("ecko")
    assert result.exit_code == 2
    assert "No such command 'ecko'. Did you mean echo?" in result.output


def test_a_command_of_clicks_is_taken_as_it_is() -> None:
    assert sennit("own").output == "own\n"


def test_a_functions_parameters_are_options_and_its_documentation_the_help() -> None:
    printed = sennit("echo", "--help").output
    assert "Send everything back." in printed
    assert "It is sent as it came." in printed
    assert "Args:" not in printed
    assert re.search(r"--shout +In capitals, if that is wanted\.", printed)
    assert re.search(r"--times INTEGER +How often\.\s+\[default: 1\]", printed)
    assert re.search(r"(?m)^Log:$", printed)


def test_a_function_is_called_with_what_the_command_line_says(
    plans: list[Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    result = sennit(
        "echo", "hi", "--listen", "tcp:1", "--listen", "tcp:2", "--times=3", "-l", "x"
    )
    assert (result.exit_code, len(plans)) == (0, 1)
    assert (plans[0].program, plans[0].logfile) == ("sennit echo", "x")
    assert plans[0].target.listen == ("tcp:1", "tcp:2")
    assert isinstance(plans[0].target.make(), Factory)


def test_a_parameter_that_can_be_no_option_is_refused() -> None:
    def takes(what: dict[str, int]) -> None: ...

    def wants(*, what: dict[str, int] = {}) -> None: ...  # noqa: B006

    for function in (takes, wants, 5):
        with pytest.raises(RunError, match="'x'"):
            _functions.commandOf("x", function)


def test_options_make_a_plan(plans: list[Plan]) -> None:
    assert sennit("run", "a.tac", "--umask", "022", "--uid", "0").exit_code == 0
    assert (plans[0].umask, plans[0].uid, plans[0].daemon) == (0o022, 0, False)
    assert sennit("run", "a.tac", "--daemon").exit_code == 0
    assert plans[1][2:4] == (True, "sennit.log")
    assert plans[1].pidfile == "sennit.pid"
    assert sennit("run", "a.tac", "--daemon", "--debug").exit_code == 0
    assert plans[2].daemon is False


def test_a_target_is_a_file_or_a_name() -> None:
    result = sennit("run", "nothing")
    assert result.exit_code == 2
    assert "'nothing' is neither a .tac file nor module:name" in result.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete(shell: str) -> None:
    printed = sennit("completion", shell).output
    assert "_SENNIT_COMPLETE" in printed


class Options:
    def parseOptions(self, words: list[str]) -> None:
        if "--wrong" in words:
            raise ValueError("option --wrong not recognized")
        self.words = words


class Maker(ServiceMaker):
    options = Options
    makeService = staticmethod(lambda options: options.words)


def makers() -> list[Maker]:
    return [Maker("Shop", "shop", "sells things", "shop")]


def test_twistd_has_the_commands_of_makers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Plan] = []
    monkeypatch.setattr("sennit.app.cli._twistd.run", lambda plan: seen.append(plan))
    assert cli.twistd(["-n", "shop", "--open", "9"], makers) == 0
    assert seen[0].target.make() == ["--open", "9"]
    assert (seen[0].pidfile, seen[0].umask) == ("twistd.pid", None)
    assert cli.twistd(["--help"], makers) == 0
    assert re.search(r"shop +sells things", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--no-such"], "No such option"),
        (["nothing"], "Unknown command: nothing"),
        (["-n"], "name a file with -y"),
        (["shop", "--wrong"], "shop: option --wrong not recognized"),
        (["-y", "x.tac", "shop"], "there is no command 'shop'"),
        (["--umask", "9", "-y", "x.tac"], "'9' is no octal number"),
    ],
)
def test_twistd_exits_with_1_whatever_is_wrong(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.twistd(words, makers) == 1
    assert said in capsys.readouterr().err


def test_twistd_within_sennit_exits_with_1_too() -> None:
    assert sennit("twistd", "--no-such").exit_code == 1
    assert sennit("twistd", "--help-reactors").output.startswith("default\nasyncio\n")


def test_workers_are_started_by_the_words_of_the_command() -> None:
    """Not by those of the process, in which somebody else may call it."""
    done = sennit("run", "x.tac", "--workers", "2", "--show-plan")
    assert done.exit_code == 0
    command = f"{sys.executable} -m sennit.app run x.tac --workers 2"
    assert re.search(rf"(?m)^command +{re.escape(command)}$", done.output)
