"""Student's t distribution. scipy is imported when it is first asked: not every start of `hasten` comes to a figure."""


def below(t: float, freedom: int) -> float:
    """The chance of a value below `t`."""
    from scipy.special import stdtr

    return float(stdtr(freedom, t))


def quantile(chance: float, freedom: int) -> float:
    """The value that lies above so much of the distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, chance))


def half_width(level: float, freedom: int) -> float:
    """Half a two-sided interval of this level, in standard errors."""
    return quantile((1 + level) / 2, freedom)
