"""Is it still right: the project's tests, the same inputs to both sides, and how much those inputs would notice."""
