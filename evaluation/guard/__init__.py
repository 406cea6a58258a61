"""What a candidate must not do: seen in its text, and in what its processes do and leave."""
