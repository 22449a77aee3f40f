"""What a review costs, before and after, and what it may cost. Pure.

prices     tokens -> dollars, by model and settings
plan       the budget under the caps, the estimate
expected   how many later reviews will read what one writes to the cache
policy     whether to write the prompt to the cache, and for how long
warmth     whether what reviews share is believed to be in the cache
spend      what is spent already, and whether one more request stays under the cap
keeping    whether a scheduled run keeps the cache warm, and what that may cost
replay     what the cache's own rules bill for a sequence of requests
sizes      how large the codebase was at past reviews
past_prompts what past reviews would have sent, in sizes
replayed   what past reviews would have cost, policy by policy
"""
