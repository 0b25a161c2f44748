"""Rules on products and conversions."""
