"""What other apps' pages show of cases, so that they need not know of them.

cases_shown  the cases of a parcel
"""
