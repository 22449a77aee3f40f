"""`python -m reviewer`, and what the `reviewer` command runs."""

import gc
import sys

from reviewer.cli import main


def run() -> None:
    """Run the command line and end the process with its exit code."""
    # A review is many values that live to the end and form no cycle: looking through them for
    # cycles, over and over, takes a fifth of the time on a large tree and frees nothing.
    gc.disable()
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
