"""Measurements of tcspec beside other tools: realistic events, and how long each tool needs for them."""
