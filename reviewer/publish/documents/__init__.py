"""Documents, for files. Each module says whether it is pure; only `document` and `bundle` are not.

document         a review in the format that was asked for
json_text        a value -> JSON that every parser takes and no log obeys
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
inspected        what commands tell of a path, the prompt, its price and the cache, as JSON
bundle           a run kept as JSON, to be posted or rendered again for nothing
"""
