"""Rules over all payloads of one file, and the watch that they keep in flat memory."""
