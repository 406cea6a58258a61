"""What runs beside the judged code, inside the sandbox: standard library only, Python >= 3.9, mounted read-only."""
