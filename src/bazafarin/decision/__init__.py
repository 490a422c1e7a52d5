"""Advice: what is best to do, with proof of how good it is.

weights     what each criterion weighs: given, or from comparisons of pairs (AHP)
ranking     weighted sum, TOPSIS and SPOTIS
robustness  how firm a ranking is: other weights, smallest change, unknown data
siting      where facilities should stand, solved exactly
transport   who is served by which facility: most people first, then least walking
"""
