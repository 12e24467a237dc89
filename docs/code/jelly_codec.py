"""Objects go to bytes and come back, none but those that are allowed."""

from datetime import date
from typing import Any

from sennit.spread import banana, jelly


class Album:
    def __init__(self, title: str, released: date) -> None:
        self.title = title
        self.released = released

    def __repr__(self) -> str:
        return f"<{self.title}, {self.released:%Y}>"


class Secret:
    pass


options = jelly.SecurityOptions()
options.allowBasicTypes()
options.allowInstancesOf(Album)

album = Album("Fish Rising", date(1975, 4, 1))
shelf = {"new": album, "all": [album, album], "size": 3}

data = jelly.jellyToBytes(shelf, options)
print(len(data), "bytes")
again = jelly.unjelly(banana.decode(data), options)
print(again)
print("one album:", again["new"] is again["all"][0] is again["all"][1])


def refused(expression: Any) -> None:
    try:
        print(jelly.unjelly(expression, options))
    except jelly.InsecureJelly as error:
        print("refused:", error)


refused([b"function", b"os.system"])
refused([b"__main__.Secret", [b"dictionary"]])

lost = jelly.jelly([Secret()], options)
print(jelly.unjelly(lost, options))
