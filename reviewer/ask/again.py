"""When a request is sent again, and when it is not. Pure but for what it is handed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from reviewer.ask import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.ask.faults import Fault
    from reviewer.ask.tries import Try
    from reviewer.flow import Attempt

T = TypeVar("T")

TOO_DEAR = "sending it again could cost more than the cap allows"


class Broken(Exception):
    """A request failed; not an error yet, because it may be tried again."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """How often a client sends what failed, and what its library's errors mean.

    `failing` tells which exceptions are no mistake of ours; asked late, because to name them the
    library has to be imported. `translate` turns one of them into what it means.
    """

    most_tries: int
    sleep: Callable[[float], None]
    failing: Callable[[], tuple[type[Exception], ...]]
    translate: Callable[[Exception], Fault]

    def free(self, call: Callable[[], T]) -> T:
        """Make a request that costs nothing, as often as may help; raises `Broken`."""
        number = 1
        while True:
            try:
                return call()
            except self.failing() as error:
                fault = self.translate(error)
            if faults.why_stop(fault, tries=number, most_tries=self.most_tries):
                raise Broken(fault)
            self.sleep(faults.wait_seconds(fault, tries=number))
            number += 1

    def until_answered(
        self,
        send: Callable[[], Try],
        *,
        adapt: Callable[[Fault], bool],
        may_repeat: Callable[[tuple[Attempt, ...]], bool],
    ) -> tuple[list[Try], str]:
        """Return every try, and why the last one, if it failed, was not repeated.

        `adapt` leaves out of the request what a fault refuses, and says whether it did: then it
        is sent again at once, which counts as no try, because such an error answer is free.
        `may_repeat` hears of every other try that failed, the last one too: it may be billed.
        """
        made, adapted = [send()], 0
        while fault := made[-1].fault:
            if adapt(fault):
                adapted += 1
                made.append(send())
                continue
            tries, allowed = len(made) - adapted, may_repeat(tuple(one.attempt for one in made))
            if stopped := faults.why_stop(fault, tries=tries, most_tries=self.most_tries):
                return made, stopped
            if not allowed:
                return made, TOO_DEAR
            self.sleep(faults.wait_seconds(fault, tries=tries))
            made.append(send())
        return made, ""
