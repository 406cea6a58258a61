"""Where the time goes, and which code an agent must see."""
