"""What other tools report about the code. Pure: values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reviewer.flow.judge import Proven


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A finding of another tool: outside data, every text of it untrusted."""

    tool: str
    rule: str
    level: Literal["error", "warning", "note", "none"]
    path: str
    first_line: int
    last_line: int
    message: str

    @property
    def name(self) -> str:
        """The tool and its rule, as people look them up."""
        return f"{self.tool} {self.rule}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A finding of ours that another tool reports already; `by` is the tool and its rule."""

    proven: Proven
    by: str
