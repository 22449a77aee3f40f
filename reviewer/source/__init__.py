"""Where a review starts: git, GitHub's event, a push. `event` and `prepush` are pure.

git_process   running git; the only module that knows GitPython
repo          git objects, read-only
event         GitHub's payload and environment -> what to review
prepush       git's pre-push lines -> what to review
"""
