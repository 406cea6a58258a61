"""Small tools for report tables."""
