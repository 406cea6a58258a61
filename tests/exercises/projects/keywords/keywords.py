"""Keywords of a handful of articles, for the tag cloud on the landing page."""

import string


def top_terms(articles, stop_words, limit=10):
    """The most frequent words with their counts; equally frequent ones in the order in which they first appear."""
    counts = {}
    for article in articles:
        words = []
        for raw in article.lower().split():
            word = raw.strip(string.punctuation)
            if word and word not in stop_words:
                words.append(word)
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    return ranked[:limit]
