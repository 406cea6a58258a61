from random import Random

SYLLABLES = ["ka", "lo", "mi", "ten", "ra", "su", "ve", "no", "pi", "dar"]


def articles(seed, words):
    """Articles of made-up words, a few of them very common, and a stop list as long as usual ones are."""
    random = Random(seed)
    vocabulary = ["".join(random.choices(SYLLABLES, k=random.randint(1, 4))) for _ in range(1500)]
    stop_words = list(dict.fromkeys(vocabulary[:170]))
    texts = []
    for _ in range(5):
        chosen = [vocabulary[min(int(random.expovariate(0.004)), 1499)] for _ in range(words // 5)]
        texts.append(" ".join(word + random.choice(["", "", "", ",", "."]) for word in chosen))
    return (texts, stop_words), {"limit": 20}
