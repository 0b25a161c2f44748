"""Requests to the vendor's endpoints: which endpoint they are for, what is wrong with them, what is answered."""
