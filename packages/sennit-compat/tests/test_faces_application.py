"""``twisted.application``, ``twisted.plugin``, ``twisted.persisted``, ``twistd``."""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sennit.app.service import Application, Service
from sennit.compat import install, uninstall
from sennit.compat.faces import plugin
from sennit.compat.faces.application import app, reactors
from sennit.compat.faces.application._options import UnixOptions
from sennit.compat.faces.persisted import sob, styles
from sennit.compat.faces.python import fakepwd, usage
from sennit.compat.faces.scripts import twistd

TAC = """
from twisted.application import internet, service
from twisted.internet import protocol
import beside

application = service.Application("old")
factory = protocol.ServerFactory()
factory.protocol = beside.Echo
internet.TCPServer({port}, factory, interface="127.0.0.1").setServiceParent(application)
"""

BESIDE = """
from twisted.internet import protocol

class Echo(protocol.Protocol):
    def dataReceived(self, data):
        self.transport.write(data)
"""

PLUGIN = """
from zope.interface import implementer, provider
from twisted.application.service import IServiceMaker, MultiService, ServiceMaker
from twisted.plugin import IPlugin
from twisted.python import usage

class Options(usage.Options):
    optParameters = [["port", "p", "0", "where"]]

@implementer(IPlugin, IServiceMaker)
class Maker(ServiceMaker):
    options = Options
    def makeService(self, options):
        print("made with", options["port"])
        return MultiService()

shop = Maker("Shop", "", "sells things", "shop")
"""


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number: int = listener.getsockname()[1]
    return number


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a plug-in."""
    plugins = tmp_path / "twisted" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "a_shop.py").write_text(PLUGIN)
    return tmp_path


@pytest.fixture
def twisted() -> Iterator[None]:
    """The names of Twisted, for a while."""
    install()
    yield
    uninstall()


def compat(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sennit.compat", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(folder)},
    )


def read_until(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if word in line:
            return text
    raise AssertionError(f"no {word} in {text}")


def test_twistd_runs_an_old_file_with_what_lies_beside_it(
    tmp_path: Path, port: int
) -> None:
    (tmp_path / "old.tac").write_text(TAC.format(port=port))
    (tmp_path / "beside.py").write_text(BESIDE)
    with compat(tmp_path, "twistd", "-n", "-y", "old.tac") as process:
        said = read_until(process, "Starting factory")
        assert "twistd" in said
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall(b"hello")
            assert connection.recv(5, socket.MSG_WAITALL) == b"hello"
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        assert process.stdout.read().endswith("Server Shut Down.\n")
        assert process.wait(10) == 0
    assert not (tmp_path / "twistd.pid").exists()


def test_twistd_has_the_commands_of_plugins(folder: Path) -> None:
    with compat(folder, "twistd", "--help") as process:
        assert "sells things" in read_until(process, "shop")
        assert process.stdout is not None
        process.stdout.read()
    with compat(folder, "twistd", "-n", "shop", "--port", "7") as process:
        assert "made with 7" in read_until(process, "reactor class")
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        process.stdout.read()
        assert process.wait(10) == 0


def test_a_program_may_build_its_own_command_of_twistds_parts(folder: Path) -> None:
    (folder / "own.py").write_text(
        "from twisted.internet import reactor\n"
        "from twisted.scripts import twistd\n"
        "class Runner(twistd._SomeApplicationRunner):\n"
        "    def createOrGetApplication(self):\n"
        "        application = super().createOrGetApplication()\n"
        "        reactor.callLater(0, reactor.stop)\n"
        "        return application\n"
        "twistd._SomeApplicationRunner = Runner\n"
        "config = twistd.ServerOptions()\n"
        "config.parseOptions(['-n', '--pidfile=', 'shop', '-p', '8'])\n"
        "import sennit.compat.faces.scripts.twistd\n"
        "twistd.runApp(config)\n"
        "print('over')\n"
    )
    with compat(folder, "own.py") as process:
        said = read_until(process, "over")
        assert said.index("made with 8") < said.index("Server Shut Down.")


# Plug-ins


@pytest.fixture
def package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Any, Path]]:
    """A package of plug-ins of our own, with one in it."""
    home = tmp_path / "some_plugins"
    home.mkdir()
    (home / "__init__.py").write_text("")
    (home / "first.py").write_text(_plugins("one"))
    monkeypatch.syspath_prepend(tmp_path)
    import some_plugins  # type: ignore[import-not-found]

    yield some_plugins, home
    for name in [name for name in sys.modules if name.startswith("some_plugins")]:
        del sys.modules[name]


def _plugins(*names: str) -> str:
    return (
        "from zope.interface import implementer\n"
        "from sennit.app.interfaces import IService\n"
        "from sennit.compat.faces.plugin import IPlugin\n"
        "@implementer(IPlugin, IService)\nclass It:\n    'A thing.'\n"
    ) + "".join(f"{name} = It()\n" for name in names)


def found(package: Any) -> list[str]:
    from sennit.app.interfaces import IService

    interface: Any = IService
    return sorted(type(each).__name__ for each in plugin.getPlugins(interface, package))


def test_plugins_are_found_by_what_they_provide(package: tuple[Any, Path]) -> None:
    module, _ = package
    assert found(module) == ["It"]
    assert list(plugin.getPlugins(reactors.IReactorInstaller, module)) == []
    cached = plugin.getCache(module)["first"]
    assert (cached.moduleName, len(cached.plugins)) == ("some_plugins.first", 1)
    assert cached.plugins[0].name == "one"


def test_a_module_is_not_imported_again_while_it_is_as_it_was(
    package: tuple[Any, Path],
) -> None:
    module, home = package
    plugin.getCache(module)
    notes = json.loads((home / "dropin.cache").read_text())
    assert notes["modules"]["first"][1][0] == "some_plugins.first"
    del sys.modules["some_plugins.first"]
    assert len(plugin.getCache(module)["first"].plugins) == 1
    assert "some_plugins.first" not in sys.modules
    (home / "first.py").write_text(_plugins("one", "two"))
    assert len(plugin.getCache(module)["first"].plugins) == 2


def test_a_module_that_is_gone_is_not_found(package: tuple[Any, Path]) -> None:
    module, home = package
    plugin.getCache(module)
    (home / "first.py").unlink()
    assert plugin.getCache(module) == {}
    assert json.loads((home / "dropin.cache").read_text())["modules"] == {}


def test_the_file_of_somebody_else_is_left_alone(package: tuple[Any, Path]) -> None:
    module, home = package
    theirs = pickle.dumps({"a": 1}, 2)
    (home / "dropin.cache").write_bytes(theirs)
    assert found(module) == ["It"]
    assert (home / "dropin.cache").read_bytes() == theirs


def test_one_that_cannot_be_imported_is_logged_and_left_out(
    package: tuple[Any, Path], flushLoggedErrors: Any
) -> None:
    module, home = package
    (home / "second.py").write_text("1 / 0\n")
    assert found(module) == ["It"]
    assert len(flushLoggedErrors(ZeroDivisionError)) == 1


def test_reactors_are_plugins_that_are_there_by_themselves(twisted: None) -> None:
    names = {each.shortName for each in reactors.getReactorTypes()}
    assert {"default", "asyncio", "epoll", "poll", "select"} <= names
    with pytest.raises(reactors.NoSuchReactor):
        reactors.installReactor("no such")


# Options


def options(*words: str) -> UnixOptions:
    made = UnixOptions()
    made.parseOptions(words)
    return made


def test_options_are_a_plan() -> None:
    config = options("-n", "-y", "a.tac", "--umask", "027", "-u", "0", "--pidfile=")
    plan = app.planOf(config, lambda: None)
    assert (plan.daemon, plan.logfile, plan.umask) == (False, "-", 0o027)
    assert (plan.uid, plan.pidfile) == (0, None)
    daemon = app.planOf(options("-y", "a.tac"), lambda: None)
    assert (daemon.daemon, daemon.logfile, daemon.umask) == (True, "twistd.log", 0o077)
    assert daemon.pidfile == "twistd.pid"


@pytest.mark.parametrize(
    "words", [("--umask", "9"), ("--uid", "no-such-user"), ("--logger", "no.such")]
)
def test_options_that_make_no_sense_are_usage_errors(words: tuple[str, ...]) -> None:
    with pytest.raises(usage.UsageError):
        options(*words)


def test_a_wrong_command_line_ends_with_1(
    twisted: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["twistd", "--no-such"])
    with pytest.raises(SystemExit) as ended:
        twistd.run()
    assert ended.value.code == 1
    assert "--no-such" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["profile", "cProfile"])
def test_a_reactor_runs_in_a_profiler(tmp_path: Path, name: str) -> None:
    class Runs:
        def run(self) -> None:
            time.monotonic()

    output = tmp_path / "profile.txt"
    profiler = app.AppProfiler({"profile": str(output), "profiler": name})
    assert profiler.run is not None
    profiler.run(Runs())
    assert "test_faces_application" in output.read_text()
    with pytest.raises(SystemExit, match="nothing"):
        app.AppProfiler({"profile": "x", "profiler": "nothing"})


# What is kept


def test_an_application_is_kept_in_a_pickle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    application = Application("kept")
    Service().setServiceParent(application)
    persistable: Any = sob.IPersistable
    saver = persistable(application)
    assert persistable(application) is saver
    saver.save("now")
    loaded = sob.load("kept-now.tap", "pickle")
    assert (loaded.name, len(list(loaded.services))) == ("kept", 1)
    with pytest.raises(ValueError, match="xml"):
        saver.setStyle("xml")


def test_a_pickled_object_becomes_of_todays_form() -> None:
    class Thing(styles.Versioned):
        persistenceVersion = 3
        persistenceForgets = ("socket",)

        def upgradeToVersion2(self) -> None:
            self.steps = [2]

        def upgradeToVersion3(self) -> None:
            self.steps.append(3)

    old, new = Thing(), Thing()
    old.socket = 5  # type: ignore[attr-defined]
    state = old.__getstate__()
    assert "socket" not in state
    key = next(name for name in state if name.endswith("persistenceVersion"))
    new.__setstate__({**state, key: 1})
    styles.doUpgrade()
    assert (new.steps, vars(new).get(key)) == ([2, 3], None)
    assert styles.requireUpgrade(new) is None


def test_users_may_be_made_up() -> None:
    users = fakepwd.UserDatabase()
    users.addUser("alice", "secret", 5, 6, home="/home/alice")
    assert users.getpwnam("alice") is users.getpwuid(5)
    assert users.getpwnam("alice").pw_dir == "/home/alice"
    with pytest.raises(KeyError):
        users.getpwnam("bob")
    shadow = fakepwd.ShadowDatabase()
    shadow.addUser("alice", "x")
    assert shadow.getspnam("alice").sp_pwdp == "x"
