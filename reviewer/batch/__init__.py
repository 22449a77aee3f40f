"""Audits by Message Batches: many repositories, or one in several packs, at half the price.

parcel    one pack of a repository, from when it is packed until its answers are judged. Pure
state     what is asked, what was sent, what came back; what follows from it. Pure
folder    where all of that is kept between the commands. Does I/O
divide    one audit -> several packs, where the codebase does not fit into one. Pure but for ports
planning  repositories -> requests and their price. Pure but for ports
sending   requests -> batches, and what a killed submit left open. Pure but for ports
reading   batches that have ended -> results, kept as they came. Pure but for ports
answers   the results as the `Model` port: what is not there yet is asked for next. Pure
judging   results -> a review, by the same rules as a live audit. Pure but for ports
together  several packs -> one review. Pure
reports   reviews -> files, and an index of them. Does I/O
telling   prices, states and costs in words. Pure

A batch lives in one folder. Every step is written there before the next is taken, so a killed
command is run again and goes on where it was. What was sent and never answered is looked for at
the server before it is sent again, because the Batches API knows no idempotency.
"""
