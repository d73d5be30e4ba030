"""What the demo systems hold when they start: always the same people and orders, dated from today backwards."""
