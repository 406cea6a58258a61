"""The only way to a model: key, budget, record."""
