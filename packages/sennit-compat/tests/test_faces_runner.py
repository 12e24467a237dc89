"""``twisted.runner``, ``twisted.tap``: procmon, inetd, portforward, socks."""

from __future__ import annotations

import getpass
import os
import re
import signal
import socket
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from sennit.app.internet import StreamServerEndpointService, TCPServer
from sennit.compat.faces.python import usage
from sennit.compat.faces.runner import inetdconf, inetdtap, procmontap
from sennit.compat.faces.tap import portforward, socks


def options(module: Any, *words: str) -> Any:
    made = module.Options()
    made.parseOptions(words)
    return made


# procmon


def test_the_monitor_is_as_its_options_say() -> None:
    config = options(
        procmontap, "-t", "2.5", "-k", "3", "-m", "4", "-M", "9", "ls", "-l"
    )
    monitor = procmontap.makeService(config)
    assert (monitor.threshold, monitor.killTime) == (2.5, 3)
    assert (monitor.minRestartDelay, monitor.maxRestartDelay) == (4, 9)
    assert monitor.processes == {"ls -l": (("ls", "-l"), None, None, {})}


def test_what_is_no_command_is_a_usage_error() -> None:
    with pytest.raises(usage.UsageError, match="specify a process"):
        options(procmontap)
    with pytest.raises(usage.UsageError, match="float"):
        options(procmontap, "-t", "soon", "ls")


# inetd


def known() -> inetdconf.ServicesConf:
    made = inetdconf.ServicesConf()
    made.parseFile(StringIO("# some\nhttp 80/tcp www # more\n\ntalk 517/udp\n"))
    return made


def test_names_have_ports() -> None:
    assert known().services == {
        ("http", "tcp"): 80,
        ("www", "tcp"): 80,
        ("talk", "udp"): 517,
    }


@pytest.mark.parametrize("line", ["http", "http 80", "http x/tcp", "http 80/"])
def test_a_line_of_services_that_is_none(line: str) -> None:
    with pytest.raises(inetdconf.InvalidServicesConfError, match="port/protocol"):
        inetdconf.ServicesConf().parseFile(StringIO(line))


def services(text: str) -> list[inetdconf.InetdService]:
    conf = inetdconf.InetdConf(known())
    conf.parseFile(StringIO(text))
    return conf.services


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            "http stream tcp nowait root /bin/x x -a",
            ("http", 80, "nowait", "root", None, "/bin/x", ("x", "-a")),
        ),
        (
            "talk dgram udp wait.40 root.wheel /bin/x",
            ("talk", 517, "wait.40", "root", "wheel", "/bin/x", ()),
        ),
        (
            "8080 stream tcp nowait me internal # here",
            ("unknown", 8080, "nowait", "me", None, "internal", ()),
        ),
        (
            "foo/1 dgram rpc/udp wait me /bin/x",
            ("foo/1", None, "wait", "me", None, "/bin/x", ()),
        ),
    ],
)
def test_a_service_has_fields(line: str, found: tuple[Any, ...]) -> None:
    (it,) = services(line)
    fields = it.name, it.port, it.wait, it.user, it.group, it.program, it.programArgs
    assert fields == found


def test_a_service_that_cannot_be_understood() -> None:
    with pytest.raises(inetdconf.UnknownService, match=r"http \(udp\)"):
        services("http dgram udp wait root internal")
    with pytest.raises(inetdconf.InvalidInetdConfError, match="6 fields"):
        services("http stream tcp")
    with pytest.raises(ValueError, match="no file"):
        inetdconf.SimpleConfFile().parseFile()


def test_a_file_of_ones_own_has_its_own_comments() -> None:
    class Semicolons(inetdconf.SimpleConfFile):
        commentChar = ";"

        def parseFields(self, *fields: str) -> None:
            found.append(fields)

    found: list[tuple[str, ...]] = []
    Semicolons().parseFile(StringIO("a #b ;c\n ; d\n"))
    assert found == [("a", "#b")]


def test_what_cannot_be_served_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = getpass.getuser()
    file = tmp_path / "inetd.conf"
    file.write_text(
        f"echo stream tcp nowait {me} internal\n"
        f"http stream tcp nowait {me} internal\n"
        f"echo dgram udp wait {me} internal\n"
        f"http stream tcp wait {me} /bin/x x\n"
        f"http stream tcp nowait {me} /bin/x x\n"
    )
    names = tmp_path / "services"
    names.write_text("echo 7/tcp\necho 7/udp\nhttp 80/tcp\n")
    monkeypatch.setattr(inetdconf.ServicesConf, "defaultFilename", str(names))

    def ports(*words: str) -> list[int]:
        config = options(inetdtap, "-f", str(file), *words)
        made: Any = inetdtap.makeService(config)
        return [each.args[0] for each in made]

    assert ports() == [7, 80]
    assert ports("--nointernal") == [80]


# The others


def test_portforward_and_socks_listen_where_they_are_told() -> None:
    forward = portforward.makeService(
        options(portforward, "-p", "tcp:0", "-h", "example.org", "-d", "81")
    )
    assert isinstance(forward, StreamServerEndpointService)
    proxy = socks.makeService(options(socks, "-i", "127.0.0.2", "-p", "99"))
    assert isinstance(proxy, TCPServer)
    assert (proxy.args[0], proxy.kwargs) == (99, {"interface": "127.0.0.2"})


# As commands


def twistd(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "sennit.compat", "twistd", "-n", "--pidfile="),
            *words,
        ],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def read_until(process: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(pattern, line)
        if found:
            return found
    raise AssertionError(f"no {pattern}")


def test_procmon_starts_a_program_again(tmp_path: Path) -> None:
    # `sh` is found although the program's environment is empty.
    command = ("sh", "-c", "echo on; sleep 0.1")
    with twistd(tmp_path, "procmon", "-t", "0", *command) as process:
        for _ in range(3):
            read_until(process, r"\[sh -c .* on$")
        process.send_signal(signal.SIGTERM)
        read_until(process, "Server Shut Down.")
        assert process.wait(10) == 0


def test_inetd_hands_a_connection_to_a_program(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    (tmp_path / "inetd.conf").write_text(
        f"{port} stream tcp nowait {getpass.getuser()} /bin/cat cat\n"
    )
    with twistd(tmp_path, "inetd", "-f", "inetd.conf") as process:
        read_until(process, "Starting factory")
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            data = b"word " * 100_000
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile("rb") as back:
                assert back.read() == data
        process.send_signal(signal.SIGTERM)
        read_until(process, "Server Shut Down.")
        assert process.wait(10) == 0


def test_a_plugin_may_be_a_maker_and_nothing_else(tmp_path: Path) -> None:
    """As most are: `ServiceMaker` of `twisted.application.service`, in a folder."""
    plugins = tmp_path / "twisted" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "shop_plugin.py").write_text(
        "from twisted.application.service import ServiceMaker\n"
        "shop = ServiceMaker('Shop', 'shop', 'Sells things.', 'shop')\n"
    )
    (tmp_path / "shop.py").write_text(
        "from twisted.application import internet, service, strports\n"
        "from twisted.internet import protocol\n"
        "from twisted.python import usage\n"
        "class Options(usage.Options):\n"
        "    optParameters = [['port', 'p', 1, 'Where.', int]]\n"
        "def makeService(options):\n"
        "    shop = service.MultiService()\n"
        "    factory = protocol.ServerFactory()\n"
        "    internet.TCPServer(options['port'], factory).setServiceParent(shop)\n"
        "    strports.service('tcp:0', factory).setServiceParent(shop)\n"
        "    return shop\n"
    )
    with twistd(tmp_path, "shop", "--port", "0") as process:
        for _ in range(2):
            read_until(process, r"ServerFactory starting on \d+")
        process.send_signal(signal.SIGTERM)
        read_until(process, "Server Shut Down.")
        assert process.wait(10) == 0
