"""The only way to a model: the key, the budget and the record of every exchange live here."""
