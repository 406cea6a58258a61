"""What GitLab says to us: signatures, events, the command grammar. Pure; imports nothing else of this project."""
