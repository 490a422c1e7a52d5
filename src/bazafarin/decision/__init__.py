"""Advice: what is best to do, with proof of how good it is.

siting  where facilities should stand, solved exactly
"""
