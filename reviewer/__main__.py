"""`python -m reviewer`, and what the `reviewer` command runs."""

import gc
import sys

from reviewer.cli import main

GARBAGE_THRESHOLD = 200_000
"""New objects before Python looks for cycles; by default 700. A review is many values that
live to the end and form no cycle: looking through them over and over takes a fifth of the time on
a large tree."""


def run() -> None:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(GARBAGE_THRESHOLD)
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
