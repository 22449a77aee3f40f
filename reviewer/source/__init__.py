"""Where a review starts: git, GitHub's event, a push. Each module says whether it is pure.

git_process   running git; the only module that knows GitPython
repo          git objects, read-only
listing       what a tree holds
work_tree     the work tree -> a tree
origin        commits that are not here yet, from where the clone came from
blob_cache    results about blobs, from one run to the next
blob_file     the cache's file, opened with suspicion
cache_place   where that file stands, and whether it is ours
pool          work on files in processes that can be ended
worker        such a process; `worker_process` is what the review holds of it
patience      how long files may take
words         which words stand in a text
payload       GitHub's JSON and the runner's variables, parsed once
event         GitHub's payload and environment -> what to review
gate          whether an outsider's pull request is reviewed where the run has the key
handover      what a fork's run hands over to one with the key -> a pull request, or a refusal
admitted      the objects among it -> the object store, or a refusal
comment       GitHub's payload -> who wrote what below which pull request
orders        what a person writes to us in a comment -> an order
prepush       git's pre-push lines -> what to review
past          the pull requests that were merged, by local git
pushed        when a repository was pushed to lately, by local git
trail         the way of a branch from some hour up to its tip
sarif         other tools' SARIF files -> what they report
warm_record   what a day's warm-keeping has cost, in a file
"""
