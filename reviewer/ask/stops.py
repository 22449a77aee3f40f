"""Why the model stopped, in words. Pure.

Only `end_turn` is a whole answer. Source: platform.claude.com, "Handling stop reasons".
"""

from __future__ import annotations

_NOT_ASKED_FOR = {
    "pause_turn": "it paused, to be continued",
    "stop_sequence": "it met a stop sequence",
    "tool_use": "it asked for a tool",
}
"""Nothing in our requests allows these: a gateway that adds something of its own could."""


def incomplete(
    reason: str, *, max_output_tokens: int, prompt_tokens: int, refusal: str = ""
) -> str:
    """Return why the answer cannot be the whole review; empty when it is.

    `refusal` is the API's category and explanation, as `refused` words them.
    """
    match reason:
        case "end_turn":
            return ""
        case "max_tokens":
            return (
                f"the answer was cut off at {max_output_tokens} output tokens: "
                "raise `max_output_tokens`, or lower `effort`"
            )
        case "model_context_window_exceeded":
            return (
                f"the answer was cut off because the model's window is full: the prompt has "
                f"{prompt_tokens} tokens; lower `max_prompt_tokens`"
            )
        case "refusal":
            return f"the model refused to answer{refusal}"
        case _:
            what = _NOT_ASKED_FOR.get(reason, f"its reason, {reason!r}, is not one we know")
            return f"the model did not end its turn: {what}"


def refused(category: str | None, explanation: str | None) -> str:
    """Return what the API tells about a refusal, as the end of a sentence."""
    why = f" (category {category})" if category else ""
    return f"{why}: {explanation}" if explanation else why
