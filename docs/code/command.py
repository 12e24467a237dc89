"""A command that a distribution adds to ``sennit``."""

from sennit.core.protocol import Factory, Protocol


class Echo(Protocol):
    def dataReceived(self, data: bytes) -> None:
        assert isinstance(self.factory, EchoFactory)
        self.transport.write(data.upper() if self.factory.shout else data)


class EchoFactory(Factory):
    protocol = Echo

    def __init__(self, shout: bool) -> None:
        self.shout = shout


def serve(*, listen: list[str] = ["tcp:7"], shout: bool = False) -> Factory:  # noqa: B006
    """Send everything back.

    Args:
        listen: Where to: an endpoint.
        shout: In capitals.
    """
    return EchoFactory(shout)


if __name__ == "__main__":
    from sennit.app.cli import commandOf

    command = commandOf("echo", serve)
    with command.make_context(
        "echo", ["--shout", "--help"], resilient_parsing=True
    ) as ctx:
        print(command.get_help(ctx).partition("\n\nLog:")[0])
