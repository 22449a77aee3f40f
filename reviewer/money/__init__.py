"""What a review costs, before and after, and what it may cost. Pure.

prices   tokens -> dollars, by model
plan     the budget under the caps, the estimate, the cache policy
spend    what is spent already, and whether one more request stays under the cap
"""
