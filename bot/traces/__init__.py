"""Trajectories for others: what is stored is the truth, everything here is derived from it and stores nothing."""
