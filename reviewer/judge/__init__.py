"""What of the model's answer holds. All pure; each step has its own list of casualties.

findings      reply -> claims, or why it is malformed
salvage       the part of a cut-off answer that arrived whole
evidence      claims -> those whose quotes are in what was sent
quotes        what a model writes for a quote, and what it may have meant
pages         what was sent, so that a quote can be looked up
refute        claims of absence -> those that the codebase does not contradict
agree         what several passes found -> each problem once
asked         the findings of an audit -> those about what was asked
outside       what other tools report already, and what they point at too
rulings       the reply of a second look -> which findings stand
closest       code that is nearly what was quoted
anchor        proven claims -> places on the pull request
suggest       replacements -> suggestions that GitHub can apply
fingerprint   the identity of a finding across pushes
same          which earlier finding a finding is
entries       what the ledger keeps of a finding
head          what an earlier finding is held against
rounds        what was told before -> what is told now
meanwhile     what another run told while this one was at work
baseline      findings that a project knows of
baseline_file the committed file with them
toml          a text on one line of such a file
learnt        what people dismissed -> rules
rank          what is shown first, what is collapsed
"""
