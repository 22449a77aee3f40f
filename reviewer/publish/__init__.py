"""Where a review goes: the words that every place shares, and the two kinds of place.

neutralise   text of a model or a repository -> text that can do no harm where it is shown
comments     a placed finding -> one comment with its fingerprint
summary      a review -> the sticky summary
ledger       what the summary remembers of all rounds <-> one hidden line of text
seen         what was seen and what not: the context receipt in it
spent        what the prompt cache did, in words
earlier      what earlier rounds told and what became of it
preflight    what a review will cost, before anything is paid
statistics   where the tokens go, as lines of text
terminal     for people at a terminal; the only module that knows rich
documents/   for files: JSON, Markdown, SARIF, HTML, the bundle, the map, the account of costs
github/      on a pull request, and in the step that runs for it

The words are pure, but for `terminal`.
"""
