"""Migration of stores of payloads: every record has exactly one outcome, and nothing is lost."""
