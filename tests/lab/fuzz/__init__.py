"""Fuzzing: what must be true of any bytes, a target for each reader, and runs of the fuzzer."""
