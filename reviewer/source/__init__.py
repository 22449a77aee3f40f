"""Where a review starts: git, GitHub's event, a push. `repo` does I/O, the others are pure.

repo      git objects, read-only; the only module that knows GitPython
event     GitHub's payload and environment -> what to review
prepush   git's pre-push lines -> what to review
"""
