"""Two commands that are annotated, and who answers them."""

from sennit.protocols import amp


class Sum(amp.Command):
    a: int
    b: int

    class Response:
        total: int


class Divide(amp.Command):
    errors = {ZeroDivisionError: "ZERO_DIVISION"}

    numerator: int
    denominator: int

    class Response:
        result: float


class Math(amp.AMP):
    @Sum.responder
    async def sum(self, a: int, b: int) -> int:
        print(f"Did a sum: {a} + {b} = {a + b}", flush=True)
        return a + b

    @Divide.responder
    async def divide(self, numerator: int, denominator: int) -> float:
        result = numerator / denominator
        print(f"Divided: {numerator} / {denominator} = {result:f}", flush=True)
        return result
