"""From what the record says to what a page shows: plain shapes, no requests, no clock of their own."""
