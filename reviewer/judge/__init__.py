"""What of the model's answer holds. All pure; each step has its own list of casualties.

findings      reply -> claims, or why it is malformed
evidence      claims -> those whose quotes are in what was sent
anchor        proven claims -> places on the pull request
fingerprint   the identity of a finding across pushes
rank          what is shown first, what is collapsed
"""
