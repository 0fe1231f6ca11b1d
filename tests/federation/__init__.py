"""What federation owes, one written case per claim, run through composition, planner and executor.

``cases/`` holds operations over imagined objects, whose true answer is that of one server that has
everything; ``test_answers`` those that need particular values, failures or hidden elements.
"""
