"""Where a review goes. Pure: neutralise, comments, summary, markdown, sarif, annotations.

neutralise     text of a model or a repository -> text that can do no harm where it is shown
comments       a placed finding -> one comment with its fingerprint
summary        a review -> the sticky summary
markdown       a review -> a Markdown report, also the job summary
report_page    a review -> one HTML page that needs nothing else
highlight      code -> coloured pieces; the only module that knows pygments
sarif          a review -> SARIF 2.1.0, for code scanning
document       a review as one file, in the format that was asked for
statistics     where the tokens go, as lines of text
annotations    a review -> workflow commands
checks         a review -> a check run, put to GitHub by `check_run`
posting        the steps of posting to a pull request
attempts       what a failed request means, and when to try again
pull_request   GitHub; the only module that knows PyGithub
actions        job summary and outputs of a workflow step
terminal       for people at a terminal; the only module that knows rich
bundle         a run kept as JSON, to be posted or rendered again for nothing
"""
