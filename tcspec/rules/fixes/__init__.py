"""Fixes: offered by rules, applied one by one, and never at the price of anything else."""
