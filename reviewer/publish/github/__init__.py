"""A pull request at GitHub, and the workflow step. Each module says whether it is pure.

actions          job summary and outputs of a workflow step
annotations      a review -> workflow commands
attempts         what a failed request means, and when to try again
page             what stands on a pull request, and who carries out what is posted: values
client           GitHub's API; the only module that knows PyGithub
pull_request     a pull request: what is read of it, what is written to it
repository       what GitHub tells of a repository
reading          what of ours stands there
held             the body of an answer, read up to bounds
listed           what it lists page by page, with an end
conversation     who may say what below it, and how we react
posting          the steps of posting
rounds           what is done in the threads of earlier findings
history          what stands there -> the history that a review takes up
account          what reviews cost, noted before it is spent
obeyed           what an order does
checks           a review -> a check run
check_run        that check run, put to GitHub
recent           when a repository was reviewed lately
artifact         what another run uploaded, downloaded up to a cap
"""
