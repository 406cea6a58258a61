"""From an agent's edits to changed files, strictly: an edit applies as asked or not at all."""
