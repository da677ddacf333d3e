"""Medians, and how sure they are: without assuming how the values are distributed."""
import math
import statistics


def median(values):
    return statistics.median(values)


def quartiles(values):
    """The middle half of the values."""
    if len(values) < 2:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def interval(values):
    """The 95 % confidence interval of the median, by order statistics: None if there are too few."""
    ordered, n = sorted(values), len(values)
    below, rank = 0.0, 0
    # The median lies below the rank-th smallest with the chance that so few of n coin tosses are heads.
    while rank < n // 2 and below + math.comb(n, rank) / 2**n <= 0.025:
        below += math.comb(n, rank) / 2**n
        rank += 1
    return (ordered[rank - 1], ordered[n - rank]) if rank else None


def number(value):
    """Three digits that say something: 1.07, 12.3, 104,000."""
    if value < 10:
        return "%.2f" % value
    if value < 100:
        return "%.1f" % value
    step = 10 ** (int(math.log10(value)) - 2)
    return format(int(round(value / step) * step), ",")


def with_spread(values):
    low, high = quartiles(values)
    return "%s (%s–%s)" % (number(median(values)), number(low), number(high))
