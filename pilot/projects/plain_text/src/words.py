"""The words that a text uses most. The README ("What counts") says exactly which; `reference.py` says it a second time."""


def frequent_words(text: str, count: int, stop_words: list[str]) -> list[tuple[str, int]]:
    """Return the `count` most frequent words with their frequencies, the most frequent first.

    Words that occur equally often stand in the order in which they appeared; stop words are left out.
    """
    if count < 0:
        raise ValueError(f"count is how many words you want, {count} is not possible")
    words = []
    for word in split_words(text):
        word = word.lower()
        if word not in stop_words:
            words.append(word)
    frequencies = count_words(words)
    frequencies.sort(key=lambda entry: entry[1], reverse=True)
    return frequencies[:count]


def split_words(text: str) -> list[str]:
    """The runs of letters in `text`; everything else separates."""
    words = []
    word = ""
    for character in text:
        if character.isalpha():
            word += character
        elif word != "":
            words.append(word)
            word = ""
    if word != "":
        words.append(word)
    return words


def count_words(words: list[str]) -> list[tuple[str, int]]:
    """Each different word with how often it occurs, in the order of their first appearance."""
    distinct: list[str] = []
    frequencies: list[int] = []
    for word in words:
        if word in distinct:
            frequencies[distinct.index(word)] += 1
        else:
            distinct.append(word)
            frequencies.append(1)
    return list(zip(distinct, frequencies))
