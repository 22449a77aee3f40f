"""The real adapters, built from what is set and handed to the pipeline. Does I/O; prints nothing.

local          the repository, its settings, the change, the processes that parse
engine         whom Claude is asked of
activity       what is known of the other reviews of a repository
run            the pipeline with all of them, for a local review and for every other run
batch_plan     what a batch is to ask about repositories
batch_collect  what came of it, and what is asked once more
quotes         what the next review costs, by model and depth
showing        where a review and its progress go
"""
