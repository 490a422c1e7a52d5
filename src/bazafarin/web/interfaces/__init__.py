"""What other programs read.

urls   the addresses
"""
