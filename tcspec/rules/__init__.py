"""Rules: what is wrong with payloads beyond the contract, one small function a code, whose docstring is its page."""
