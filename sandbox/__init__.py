"""Where foreign code may run. Knows nothing of what runs in it or why; imports nothing else of this project."""
