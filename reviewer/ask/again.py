"""When a request is sent again, and when it is not. Pure but for what it is handed."""

from __future__ import annotations

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


def until_answered(
    send: Callable[[], Try],
    *,
    adapt: Callable[[Fault], bool],
    may_repeat: Callable[[tuple[Attempt, ...]], bool],
    most_tries: int,
    sleep: Callable[[float], None],
) -> tuple[list[Try], str]:
    """Return every try, and why the last one, if it failed, was not repeated.

    `adapt` leaves out of the request what a fault refuses, and says whether it did: then it is
    sent again at once, which counts as no try, because such an error answer is free.
    """
    made, adapted = [send()], 0
    while fault := made[-1].fault:
        if adapt(fault):
            adapted += 1
            made.append(send())
            continue
        tries = len(made) - adapted
        if stopped := faults.why_stop(fault, tries=tries, most_tries=most_tries):
            return made, stopped
        if not may_repeat(tuple(one.attempt for one in made)):
            return made, TOO_DEAR
        sleep(faults.wait_seconds(fault, tries=tries))
        made.append(send())
    return made, ""


def free(
    call: Callable[[], T],
    *,
    failing: tuple[type[Exception], ...],
    translate: Callable[[Exception], Fault],
    most_tries: int,
    sleep: Callable[[float], None],
) -> T:
    """Make a request that costs nothing, as often as may help; raises `Broken`."""
    number = 1
    while True:
        try:
            return call()
        except failing as error:
            fault = translate(error)
        if faults.why_stop(fault, tries=number, most_tries=most_tries):
            raise Broken(fault)
        sleep(faults.wait_seconds(fault, tries=number))
        number += 1
