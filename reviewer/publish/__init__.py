"""Where a review goes. Each module says whether it is pure; most are.

Words, for people:

neutralise       text of a model or a repository -> text that can do no harm where it is shown
comments         a placed finding -> one comment with its fingerprint
summary          a review -> the sticky summary
seen             what was seen and what not: the context receipt in it
spent            what the prompt cache did, in words
earlier          what earlier rounds told and what became of it
preflight        what a review will cost, before anything is paid
statistics       where the tokens go, as lines of text
terminal         for people at a terminal; the only module that knows rich

Documents, for files:

document         a review in the format that was asked for
failure          an error as a JSON document
markdown         a review -> a Markdown report, also the job summary
sarif            a review -> SARIF 2.1.0, for code scanning
sarif_results    what was found -> the results in it
report_page      a review -> one HTML page that needs nothing else
report_findings  findings as that page shows them
highlight        code -> coloured pieces; the only module that knows pygments
map              where the tokens go and what is left out
map_data         the same as columns, for the script of its page
map_graph        the neighbourhood of a change, as a drawing
cost             what reviews cost: text, JSON and page
bundle           a run kept as JSON, to be posted or rendered again for nothing

A pull request at GitHub:

actions          job summary and outputs of a workflow step
annotations      a review -> workflow commands
attempts         what a failed request means, and when to try again
page             what stands on a pull request, and who carries out what is posted: values
client           GitHub's API; the only module that knows PyGithub
pull_request     a pull request: what is read of it, what is written to it
repository       what GitHub tells of a repository
reading          what of ours stands there
conversation     who may say what below it, and how we react
posting          the steps of posting
rounds           what is done in the threads of earlier findings
history          what stands there -> the history that a review takes up
ledger           the ledger <-> one hidden line of text
account          what reviews cost, noted before it is spent
obeyed           what an order does
checks           a review -> a check run
check_run        that check run, put to GitHub
recent           when a repository was reviewed lately
artifact         what another run uploaded, downloaded up to a cap
"""
