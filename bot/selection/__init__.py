"""Which attempt comes next and which one wins. Pure."""
