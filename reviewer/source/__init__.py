"""Where a review starts: git, GitHub's event, a push. `event`, `patience` and `prepush` are pure.

git_process   running git; the only module that knows GitPython
repo          git objects, read-only
blob_cache    results about blobs, from one run to the next
blob_file     the cache's file, opened with suspicion
cache_place   where that file stands, and whether it is ours
pool          work on files in processes that can be ended
worker        such a process; `worker_process` is what the review holds of it
patience      how long files may take
event         GitHub's payload and environment -> what to review
prepush       git's pre-push lines -> what to review
"""
