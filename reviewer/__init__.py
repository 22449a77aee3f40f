"""A whole-codebase review bot for CI. This is the map, in the order a review meets the rooms.

cli         dispatch; the one place where an error becomes text and an exit code
commands/   one file a command: what it is asked, what it prints, its exit code
arguments/  the command line, with the help and the examples of each command
library     what a program calls: review, audit, pack, price, load, render
wiring/     builds the adapters and hands them to the pipeline
pipeline    the whole review as one function
batch/      many audits at once: sent, left alone, collected
prepare     what is decided before money is spent
terms       how much may be shown, and how it is cached
check       the review that asks no model
ground      the two trees of a change
gather      what there is to be shown
layout      how the codebase stands in the prompt
choose      what is shown, within a budget
spending    what may be spent is noted before it is
passes      the prompt, asked once or once for each lens
once        a request that is sent once, whatever comes of it
understand  the replies -> answers
verify      a second look at what was found
rounds      what earlier rounds told already, and what need not be asked again
conclude    from the answers to the review
coverage    what was seen of the codebase and the change
skips       what needs no model, and why
ports       what the pipeline asks of the world
source/     git, GitHub's event, a push -> the change
index/      what the files define and use
pack/       the codebase -> what is shown of it, as text
ask/        the request, and Claude
money/      prices, caps, cache policy
judge/      claims -> what holds, and where it goes
publish/    where a review goes
standin/    loopback stand-ins of the two APIs: demo and tests run on them
diff        unified diff -> line maps
layers      defaults < file < environment < flags -> settings
settings    what a user can decide
render      templates -> text
automaton   patterns matched in linear time
flow        every value that travels
disk        a file that is written whole or not at all
errors      what a user can meet, each with its exit code
version     stated once
"""
