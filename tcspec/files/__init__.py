"""Bytes from and to files: lines, documents, decompression, atomic writing."""
