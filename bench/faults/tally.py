"""Counting what held."""

import sys
from collections import Counter


class Tally:
    """Prints, at the end, one line for each promise and one for all of them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.promises: dict[str, Counter[bool]] = {}
        self.losses: list[str] = []
        self.facts: list[str] = []

    def count(self, promise: str, held: bool, why: str = "") -> None:
        self.promises.setdefault(promise, Counter())[held] += 1
        if not held:
            self.losses.append(f"{promise}: {why}")

    def counts(self, promise: str, tried: int, lost: list[str]) -> None:
        """So many tries at once, and what was wrong with those that were lost."""
        self.promises.setdefault(promise, Counter())[True] += tried - len(lost)
        for why in lost:
            self.count(promise, False, why)

    def fact(self, text: str) -> None:
        self.facts.append(text)

    def finish(self) -> None:
        total = sum(self.promises.values(), Counter())
        print(f"{self.name}: tried {total.total()}, held {total[True]}, lost {total[False]}")
        for promise, found in self.promises.items():
            print(f"    {promise}: tried {found.total()}, held {found[True]}, lost {found[False]}")
        for fact in self.facts:
            print(f"    {fact}")
        for loss, times in Counter(self.losses).most_common(10):
            print(f"    LOST {times} x {loss[:300]}", file=sys.stderr)
        sys.stdout.flush()
        sys.exit(1 if total[False] or not total[True] else 0)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def milliseconds(values: list[float]) -> str:
    return f"p50 {percentile(values, 0.5) * 1000:.1f} ms, p99 {percentile(values, 0.99) * 1000:.1f} ms"
