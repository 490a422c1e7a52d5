"""What other apps' pages show of surveys, so that they need not know of them.

surveys_shown  the answers about a parcel, the surveys of a neighbourhood
"""
