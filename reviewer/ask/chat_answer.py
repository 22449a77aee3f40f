"""What comes of a chat completion, piece by piece. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.ask import chat, faults, stops
from reviewer.ask.bounds import bound_usage
from reviewer.ask.tries import CHARACTERS_A_TOKEN, Try
from reviewer.flow import Usage

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionChunk

    from reviewer.ask.faults import Fault
    from reviewer.flow import Request


class Heard:
    """What has come of one answer so far."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._texts: list[str] = []
        self._stop = ""
        self._refusal = ""
        self._usage: Usage | None = None
        self._characters = 0
        self.id = ""
        self.model = ""

    @property
    def tokens(self) -> int:
        """About how many tokens have arrived, thinking that is shown included."""
        return self._characters // CHARACTERS_A_TOKEN

    def hear(self, chunk: ChatCompletionChunk) -> None:
        """Take in one piece; raises nothing on one that is half empty, as gateways send them."""
        self.id = self.id or chunk.id or ""
        self.model = self.model or chunk.model or self._request.model
        self._usage = chat.usage(chunk.usage, self._request) or self._usage
        for choice in (chunk.choices or ())[:1]:
            text = choice.delta.content or ""
            thought = getattr(choice.delta, "reasoning_content", None) or ""
            self._texts.append(text)
            self._characters += len(text) + len(str(thought))
            self._refusal += choice.delta.refusal or ""
            self._stop = self._stop or choice.finish_reason or ""

    def ended(self, fault: Fault | None) -> Try:
        """Return what came of it. An answer that does not say why it ended broke off."""
        if self._stop:
            fault = None  # the last word of an answer: what breaks after it breaks nothing
        elif fault is None:
            fault = faults.CLOSED_EARLY
        begun = bool(self.model)
        stop = "refusal" if self._refusal else chat.STOPS.get(self._stop, self._stop)
        return Try(
            request_id=self.id if begun else (fault.request_id if fault else ""),
            usage=self._billed() if begun else Usage(),
            model=self.model,
            text="".join(self._texts),
            stop_reason=stop,
            refusal=stops.refused(None, self._refusal or None) if stop == "refusal" else "",
            fault=fault,
            untold=begun and self._usage is None,
        )

    def _billed(self) -> Usage:
        """Return the bill; where nobody told it, as of an answer that broke off, the most."""
        return self._usage or bound_usage(self._request) + Usage(output_tokens=self.tokens)
