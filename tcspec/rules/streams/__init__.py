"""Rules over all payloads of one file."""
