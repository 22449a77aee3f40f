"""How long the colouring of one excerpt can take: the worst of some hundred patterns a language.

    python benchmarks/lexers.py

The patterns are what regular expressions of lexers stumble over: the openings of strings,
comments, numbers and types, repeated up to the bounds of `reviewer.publish.documents.highlight`.
"""

from __future__ import annotations

import random
import time

from reviewer.publish.documents import highlight

SEEDS = (
    *"\"'`([{</#$&@%=?:|a1\t_é", "\\", '"""', "'''", "a ", "a.", "a::", "<a", "/*", "*", "//",
    "${", 'r"', 'f"{', "::", "->", "-- ", "<<A\n", "\n", "\n ", "a\n", "0x", "1e", "\\x", "a<",
    "(a", "=>", "a: ", "- ", "[[", "template<", "class ", "def ", "a(", 'R"(', '"\\', "#if\n",
    "%q(", '@"', '$"', "public ", "int a", "a,", "x=",
)  # fmt: skip
OPENINGS = ('"', "/", "<", "(", "a ", "class ", "/*", "def ", "int ", "- ")
MIXED = 40


def main() -> None:
    drawn = random.Random(1)
    suffixes = {language: suffix for suffix, language in highlight.LANGUAGES.items()}
    for language, suffix in suffixes.items():
        patterns = [("", seed) for seed in SEEDS]
        patterns += [(opening, seed) for opening in OPENINGS for seed in SEEDS]
        patterns += [("", "".join(drawn.choices(SEEDS, k=3))) for _ in range(MIXED)]
        timed = [(_seconds(opening, seed, suffix), opening + seed) for opening, seed in patterns]
        seconds, pattern = max(timed)
        print(f"{language:<12} {1000 * seconds:6.0f} ms  {pattern!r}", flush=True)


def _seconds(opening: str, seed: str, suffix: str) -> float:
    """Return the best of two, because the machine has other things to do."""
    text = opening + seed * highlight.MOST_CHARACTERS
    lines = [
        line[at : at + highlight.MOST_IN_A_LINE]
        for line in text[: highlight.MOST_CHARACTERS].split("\n")
        for at in range(0, max(1, len(line)), highlight.MOST_IN_A_LINE)
    ][: highlight.MOST_LINES]
    lines[-1] = lines[-1][: highlight.MOST_IN_A_LINE - len(lines)]
    while len("\n".join(lines)) > highlight.MOST_CHARACTERS:
        lines.pop()
    taken = []
    for _ in range(2):
        began = time.perf_counter()
        highlight.Painter().coloured(lines, f"x{suffix}")
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    main()
