def depth(text: str) -> int:
    """The deepest nesting of brackets; -1 where they don't match."""
    pairs = {")": "(", "]": "[", "}": "{"}
    stack: list[str] = []
    deepest = 0
    for letter in text:
        if letter in pairs.values():
            stack.append(letter)
            deepest = max(deepest, len(stack))
        elif letter in pairs and (not stack or stack.pop() != pairs[letter]):
            return -1
    return -1 if stack else deepest
