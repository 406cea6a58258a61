"""Is a change still right, and is it really faster? Judges patches; knows nothing of who proposed them."""
