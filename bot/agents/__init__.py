"""Who proposes changes. Never judges them."""
