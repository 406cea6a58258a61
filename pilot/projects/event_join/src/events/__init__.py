"""What happened, and what the sensors said just before."""
