"""The published contract: schemas and catalogue, the engines that apply them, and their findings in words."""
