"""JSON as text: a strict reader, an encoder, pointers, positions, and edits that keep every other byte."""
