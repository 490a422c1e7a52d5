"""What other apps' pages show of plans, so that they need not know of them.

plans_shown  the findings of a parcel's block, and the way to a city's plans
"""
