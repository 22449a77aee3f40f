"""Where a review goes. Pure: neutralise, comments, summary, markdown, annotations; else I/O.

neutralise     text of a model or a repository -> text that can do no harm where it is shown
comments       a placed finding -> one comment with its fingerprint
summary        a review -> the sticky summary and the job summary
markdown       a review -> a Markdown report
annotations    a review -> workflow commands
pull_request   posts to GitHub; the only module that knows PyGithub
actions        job summary and outputs of a workflow step
terminal       for people at a terminal; the only module that knows rich
bundle         a run kept as JSON, to be posted or rendered again for nothing
"""
