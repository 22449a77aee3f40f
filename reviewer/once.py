"""A request that is sent once, whatever comes of it: a repair, the second look. Pure.

Pure but for the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.errors import ReviewerError
from reviewer.flow import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.flow import Attempt, Request
    from reviewer.ports import Model


def once(
    request: Request, *, model: Model, received: Callable[[int], None] = lambda _tokens: None
) -> tuple[Reply, str]:
    """Return the reply, and why there is no answer, or an empty text.

    Without an answer the reply still has the try: the cap has to hold as if it were billed.
    """
    heard: tuple[Attempt, ...] = ()

    def never(tries: tuple[Attempt, ...]) -> bool:
        nonlocal heard
        heard = tries
        return False

    try:
        return model.ask(request, received=received, may_repeat=never), ""
    except ReviewerError as error:
        return Reply.unanswered(request.model, heard, why=str(error)), str(error)
