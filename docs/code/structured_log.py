"""A logger of a class, levels, fields, and a block whose errors are logged."""

import sys

from sennit.core.logger import Logger, globalLogBeginner, textFileLogObserver


class Account:
    log = Logger()

    def __init__(self, owner: str, balance: int) -> None:
        self.owner = owner
        self.balance = balance

    def pay(self, sum: int) -> None:
        self.balance -= sum
        self.log.info("{log_source.owner} pays {sum}", sum=sum)
        if self.balance < 0:
            self.log.warn("{log_source.owner} owes {debt:.2f}", debt=-self.balance)

    def share(self, heirs: int) -> None:
        with self.log.failuresHandled("sharing among {heirs}", heirs=heirs) as sharing:
            self.balance //= heirs
        if sharing.succeeded:
            self.log.info("{log_source.balance} for each heir")


globalLogBeginner.beginLoggingTo([textFileLogObserver(sys.stdout, timeFormat=None)])
account = Account("Ada", 10)
account.pay(12)
account.share(2)
print("what is printed, too")
