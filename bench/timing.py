"""How long works take beside each other: timed in turn, so that a busy moment of the machine meets them all."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

WARMING_UP = 5
LEAST = 20  # rounds, however slow
GROWTH = {"aim_median": 2.5, "aim_p95": 6}  # the aims from 1,000 messages to 1,000,000


@dataclass(frozen=True)
class Times:
    """Seconds of one call."""

    median: float
    p95: float

    def __truediv__(self, number):
        return Times(self.median / number, self.p95 / number)

    def __str__(self):
        return f"{self.median * 1e6:.2f} µs" if self.median < 1e-5 else f"{self.median * 1e6:,.0f} µs"


@dataclass(frozen=True)
class Work:
    """`call` is timed with 0, 1, 2 …; what `before` does is not."""

    call: Callable[[int], object]
    before: Callable[[], None] | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table: medians and 95th percentiles of a work over those of what it is held against."""

    work: str
    against: str
    median: float
    p95: float
    aim_median: float | None = None
    aim_p95: float | None = None

    def __str__(self):
        aims = [(self.median, self.aim_median, ""), (self.p95, self.aim_p95, " (p95)")]
        aims = [(value, aim, which) for value, aim, which in aims if aim]
        aim = ", ".join(f"at most {ratio(aim)}{which}" for _, aim, which in aims)
        missed = [f"missed by {_factor(value / aim)}{which}" for value, aim, which in aims if value > aim]
        verdict = ", ".join(missed) or ("met" if aims else "")
        return f"| {self.work} | {self.against} | {ratio(self.median)} | {ratio(self.p95)} | {aim} | {verdict} |"


def row(work, times, against, base, *, aim_median=None, aim_p95=None):
    return Row(work, f"{against} ({base})", times.median / base.median, times.p95 / base.p95, aim_median, aim_p95)


def ratio(value):
    """Return how many times as long, or which part of the time: 59x, 2.1x, 1/9.3."""
    if value < 1:
        return f"1/{1 / value:.1f}".removesuffix(".0")
    return f"{value:,.0f}x" if value >= 10 else f"{value:.1f}x".replace(".0x", "x")


def _factor(value):
    return f"{value:.2f}x" if value < 2 else ratio(value)


def in_turn(works, *, seconds, most=2_000):
    """Return the Times of each work by its name, all called in turn until the seconds or `most` rounds are over."""
    taken = {name: [] for name in works}
    started = None
    for number in range(-WARMING_UP, most):
        if number == 0:
            started = perf_counter()
        if number >= LEAST and perf_counter() - started > seconds:
            break
        for name, work in works.items():
            if work.before:
                work.before()
            before = perf_counter()
            work.call(number)
            after = perf_counter()
            if number >= 0:
                taken[name].append(after - before)
    return {name: Times(median(samples), quantiles(samples, n=20)[-1]) for name, samples in taken.items()}
