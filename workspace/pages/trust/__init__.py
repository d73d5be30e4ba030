"""The board of trust measures, one measure with the cases behind it, and the rail that other pages show."""
