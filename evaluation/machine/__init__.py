"""What machine measures, and whether it is the one that was asked for."""
