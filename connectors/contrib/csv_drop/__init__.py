"""CSV files that a system of old drops into a folder."""
