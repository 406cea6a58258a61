"""Whether two observed values are the same, on plain data only. Knows nothing of sandboxes."""
