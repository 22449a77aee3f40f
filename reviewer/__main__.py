"""`python -m reviewer`, and what the `reviewer` command runs."""

import sys

from reviewer.cli import main


def run() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
