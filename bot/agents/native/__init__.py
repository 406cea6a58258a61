"""The agent of the house: its own loop on the Messages API, a handful of tools, and the tree as its only result."""
