"""Upgrades of legacy events: the table of changes, the engine that applies it, and the patches of what it did."""
