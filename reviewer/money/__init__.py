"""What a review costs, before and after, and what it may cost. Pure.

prices   tokens -> dollars, by model and settings
plan     the budget under the caps, the estimate
policy   whether to write the prompt to the cache, and for how long
spend    what is spent already, and whether one more request stays under the cap
"""
