"""Reviews: the queue, one review's panel, and what reps read of theirs."""
