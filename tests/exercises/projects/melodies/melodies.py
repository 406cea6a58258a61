"""How similar two melodies are, for finding covers of a song."""


def similarity(melody, other):
    """Between 0 and 1: the longest common subsequence of intervals over the longer one's length, in any key."""
    steps = []
    for i in range(1, len(melody)):
        steps.append(melody[i] - melody[i - 1])
    other_steps = []
    for i in range(1, len(other)):
        other_steps.append(other[i] - other[i - 1])
    if not steps or not other_steps:
        return 0.0
    table = [[0] * (len(other_steps) + 1) for _ in range(len(steps) + 1)]
    for i in range(1, len(steps) + 1):
        for j in range(1, len(other_steps) + 1):
            if steps[i - 1] == other_steps[j - 1]:
                table[i][j] = table[i - 1][j - 1] + 1
            else:
                table[i][j] = max(table[i - 1][j], table[i][j - 1])
    return table[-1][-1] / max(len(steps), len(other_steps))
