"""What runs inside the sandbox to see where the time goes: standard library only, Python >= 3.9, alone in its folder."""
