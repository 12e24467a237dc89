"""BoxDispatcher: calls and their answers, whatever carries the boxes.

A call is a box with a command and, if it is to be answered, a tag that no other call of
this side has at the time; the answer brings the tag back. So answers may come in any
order, and both sides may call at once.

There are two ways through it. Mostly command, locator and sender are as AMP has them:
then bytes are made straight of values, and sent without a box. Whoever overrides one of
the steps in between (``makeArguments``, ``locateResponder``, ``sendBox`` …) has the
other, by boxes and Deferreds, for what is overridden.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar, overload

from sennit.core.defer import Deferred, fail, maybeDeferred
from sennit.core.failure import Failure
from sennit.protocols.amp._answers import Answers
from sennit.protocols.amp._big import BigValues
from sennit.protocols.amp._boxes import ANSWER, COMMAND, ERROR, AmpBox
from sennit.protocols.amp._calls import Calls
from sennit.protocols.amp._commands import Command, CommandMeta
from sennit.protocols.amp._errors import (
    UNHANDLED_ERROR_CODE,
    InvalidSignature,
    NoEmptyBoxes,
    RemoteAmpError,
    TooLong,
    UnhandledCommand,
)
from sennit.protocols.amp._locate import Responder
from sennit.protocols.amp._names import wire_name
from sennit.protocols.amp._stock import is_method

if TYPE_CHECKING:
    from sennit.core.contracts import IReactorTime
    from sennit.protocols.amp._asked import Declares, HasArguments, HasResponse
    from sennit.protocols.amp.contracts import IBoxSender, IResponderLocator

__all__ = ["BoxDispatcher"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


class BoxDispatcher:
    """Asks commands, and has a locator's responders answer those that come.

    Attributes:
        boxSender: What sends boxes; None while there is no connection.
        locator: What finds responders.
        maxCalls: How many calls of the other side may wait for their answers at a time.
            Each holds a kilobyte or two, and whatever its responder needs.
        maxBigBytes: How many bytes of values longer than 65,535 are taken at a time, on
            their way and not yet answered: 16 MiB are a large picture or document, and
            what each connection can make us keep. 0 takes none, and sends none.
        clock: Measures the time that a call may take; None for the reactor.
    """

    boxSender: IBoxSender | None = None
    maxCalls: int = 10_000
    maxBigBytes: int = 16 * 1024 * 1024
    clock: IReactorTime | None = None

    def __init__(self, locator: IResponderLocator) -> None:
        """Make a dispatcher.

        Args:
            locator: What finds responders.
        """
        self.locator: IResponderLocator = locator
        big = self._amp_big = BigValues(self.maxBigBytes)
        calls = self._amp_calls = Calls(self, big)
        self._amp_answers = Answers(
            self, locator, self._amp_dispatch, self.maxCalls, big, calls.ask_big
        )

    @property
    def argument_proto(self) -> Any:
        """What types of arguments are given as the protocol."""
        return self._amp_calls.proto

    def startReceivingBoxes(self, boxSender: IBoxSender) -> None:
        """The connection is there: calls can be made, and are answered."""
        self.boxSender = boxSender
        quick_sender = getattr(boxSender, "quick_sender", None)
        send = None if quick_sender is None else quick_sender()
        # Descriptors go by what sends the boxes, which mostly is this object.
        proto = self if hasattr(self, "take_descriptor") else boxSender
        for side in (self._amp_calls, self._amp_answers):
            side.sender, side.send, side.proto = boxSender, send, proto
        stock = is_method(self.dispatchCommand, BoxDispatcher.dispatchCommand)
        responders = getattr(self.locator, "quick_responders", None)
        if stock and send is not None and responders is not None:
            self._amp_answers.quick = responders()

    def stopReceivingBoxes(self, reason: Failure) -> None:
        """The connection is over: every call that waits has failed."""
        self.failAllOutgoing(reason)

    def failAllOutgoing(self, reason: Failure) -> None:
        """Fail all calls that wait, and those that are made from now on."""
        self._amp_big.clear()
        self._amp_calls.fail_all(reason)

    @overload
    def callRemote(
        self,
        commandType: Callable[_P, Declares[_R]],
        /,
        *args: _P.args,
        **kw: _P.kwargs,
    ) -> Deferred[_R]: ...
    @overload
    def callRemote(
        self, commandType: Declares[_R], /, *, timeout: float | None = ...
    ) -> Deferred[_R]: ...
    @overload
    def callRemote(
        self,
        commandType: type[HasArguments] | type[HasResponse],
        /,
        *args: Any,
        **kw: Any,
    ) -> Deferred[dict[str, Any]]: ...
    @overload
    def callRemote(
        self, commandType: Callable[_P, Command], /, *args: _P.args, **kw: _P.kwargs
    ) -> Deferred[Any]: ...
    @overload
    def callRemote(
        self, commandType: Command, /, *, timeout: float | None = ...
    ) -> Deferred[Any]: ...

    def callRemote(self, commandType: Any, /, *args: Any, **kw: Any) -> Any:
        """Ask the other side a command.

        Cancelling the Deferred drops the call; the other side is not told.

        Args:
            commandType: A command's class; or a call, made of one with its arguments.
            args: What the class is made with, for those that take it.
            kw: The arguments, by name. ``timeout`` is the time that the call may take,
                in seconds, unless the command has an argument of that name: then the
                call has to be made before, ``callRemote(Ring(timeout=5), timeout=30)``.

        Returns:
            A Deferred of the response; or None for a command that is not answered. It
            fails with the error that the other side has answered with, with what ended
            the connection, with `TimeoutError <sennit.core.defer.TimeoutError>`, or
            with `InvalidSignature` where the arguments are not those declared.

        Raises:
            TooLong: A value is longer than the other side takes.
            TypeError: A value is of another kind than its type of argument.
            ProtocolSwitched: The connection speaks another protocol.
        """
        calls = self._amp_calls
        command: Any = commandType
        if (
            command.__class__ is CommandMeta
            and (plan := command.argument_plan).calls is not None
            and calls.send is not None
            and "timeout" not in kw
            and not args
        ):
            try:
                return calls.ask(command, plan, kw)
            except InvalidSignature:
                return fail()
            except TooLong:
                pass
        return self._amp_call_remote(commandType, args, kw)

    def _amp_call_remote(self, commandType: Any, args: Any, kw: dict[str, Any]) -> Any:
        timeout = None
        if "timeout" in kw and "timeout" not in commandType.argument_plan.known:
            timeout = kw.pop("timeout")
        elif isinstance(commandType, Command):
            timeout = kw.pop("timeout", None)
        try:
            call: Command = commandType
            if not isinstance(commandType, Command):
                call = commandType(*args, **kw)
            asked = call.do_command(self)
        except InvalidSignature:
            return fail()
        return self._amp_limited(asked, timeout)

    def ask_box(self, command: type[Command], box: AmpBox) -> Deferred[Any] | None:
        """Ask a command whose arguments are in a box already."""
        answers = command.requiresAnswer
        return self._amp_calls.ask_box(command.commandName, box, answers, command)

    @overload
    def callRemoteString(
        self,
        command: str | bytes,
        requiresAnswer: Literal[True] = True,
        *,
        timeout: float | bytes | None = None,
        **kw: bytes,
    ) -> Deferred[AmpBox]: ...
    @overload
    def callRemoteString(
        self,
        command: str | bytes,
        requiresAnswer: bool,
        *,
        timeout: float | bytes | None = None,
        **kw: bytes,
    ) -> Deferred[AmpBox] | None: ...

    def callRemoteString(
        self,
        command: str | bytes,
        requiresAnswer: bool = True,
        *,
        timeout: float | bytes | None = None,
        **kw: bytes,
    ) -> Deferred[AmpBox] | None:
        """Ask a command by its name, with bytes for its arguments.

        Args:
            command: Its name.
            requiresAnswer: Whether it is answered.
            timeout: Seconds that the call may take; None for any number. Bytes are an
                argument of that name.
            kw: The box.

        Returns:
            A Deferred of the box that answers; None for a command that is not answered.
            It fails as that of `callRemote`, for errors other than AMP's own with
            `RemoteAmpError`.
        """
        box = AmpBox(kw)
        if isinstance(timeout, bytes):
            box[b"timeout"], timeout = timeout, None
        asked = self._amp_calls.ask_box(wire_name(command), box, requiresAnswer)
        limited: Deferred[AmpBox] | None = self._amp_limited(asked, timeout)
        return limited

    def _amp_limited(self, asked: Any, timeout: float | None) -> Any:
        if timeout is not None and asked is not None:
            clock: Any = self.clock
            if clock is None:
                # The default reactor is made when it is first needed.
                from sennit.core import reactor as clock
            # Adding the time-out is not to wait for the result.
            asked.awaited = True
            asked.addTimeout(timeout, clock)
        return asked

    def unhandledError(self, failure: Failure) -> None:
        """Take note of an error that nobody has handled: the sender is told."""
        if self.boxSender is not None:
            self.boxSender.unhandledError(failure)

    def ampBoxReceived(self, box: AmpBox) -> None:
        """Take a box: a question or an answer.

        Raises:
            NoEmptyBoxes: It is neither.
            MalformedAmpBox: It answers what was not asked.
            TooManyCalls: Too many calls wait for their answers.
        """
        if ANSWER in box:
            self._amp_calls.answered(box)
        elif COMMAND in box:
            self._amp_answers.asked(box)
        elif ERROR in box:
            self._amp_calls.refused(box)
        else:
            raise NoEmptyBoxes(box)

    def quick_receiver(self) -> Callable[[dict[bytes, bytes]], None] | None:
        """What takes boxes that are plain dictionaries; None if `ampBoxReceived` must."""
        if not is_method(self.ampBoxReceived, BoxDispatcher.ampBoxReceived):
            return None
        answered, refused = self._amp_calls.answered, self._amp_calls.refused
        asked = self._amp_answers.asked

        def received(box: dict[bytes, bytes]) -> None:
            if ANSWER in box:
                answered(box)
            elif COMMAND in box:
                asked(box)
            elif ERROR in box:
                refused(box)
            else:
                raise NoEmptyBoxes(AmpBox(box))

        return received

    def _amp_dispatch(self, box: dict[bytes, bytes]) -> Any:
        return self.dispatchCommand(box if isinstance(box, AmpBox) else AmpBox(box))

    def dispatchCommand(self, box: AmpBox) -> Deferred[AmpBox]:
        """Have a box that asks answered; may be overridden.

        Returns:
            The box of the answer.
        """
        name = box[COMMAND]
        responder = self.locator.locateResponder(name)
        if responder is None:
            described = f"Unhandled Command: {name!r}"
            local = Failure(UnhandledCommand(described))
            return fail(RemoteAmpError(UNHANDLED_ERROR_CODE, described, False, local))
        if isinstance(responder, Responder):
            responder.proto = self.argument_proto
        return maybeDeferred(responder, box)
