"""What of the model's answer holds. All pure; each step has its own list of casualties.

findings      reply -> claims, or why it is malformed
salvage       the part of a cut-off answer that arrived whole
evidence      claims -> those whose quotes are in what was sent
quotes        what a model writes for a quote, and what it may have meant
pages         what was sent, so that a quote can be looked up
refute        claims of absence -> those that the codebase does not contradict
closest       code that is nearly what was quoted
anchor        proven claims -> places on the pull request
suggest       replacements -> suggestions that GitHub can apply
fingerprint   the identity of a finding across pushes
rank          what is shown first, what is collapsed
"""
