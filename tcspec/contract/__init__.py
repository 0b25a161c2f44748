"""The contract: published schemas and catalogue, engines, violations in words, and what may be printed."""
