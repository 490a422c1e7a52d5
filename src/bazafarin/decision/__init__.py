"""Advice: what is best to do, with proof of how good it is.

weights          what each criterion weighs: given, or from comparisons of pairs (AHP)
ranking          weighted sum, TOPSIS and SPOTIS
robustness       how firm a ranking is: other weights, smallest change, unknown data
siting           where facilities should stand, solved exactly
transport        who is served by which facility: most people first, then least walking
portfolio        which projects serve the most people for the money, with the proof
offer_programme  that choice as one mixed-integer programme, and its best use
offer_prices     that choice among very many offers, by prices
offer_market     what each offer earns at prices on those whom it reaches
offer_limits     what a choice can earn at most within the money, the land and the floors
offer_search     choices of offers, one after another
offer_flow       whom a choice of offers serves best
linear           one linear programme, handed to HiGHS
"""
