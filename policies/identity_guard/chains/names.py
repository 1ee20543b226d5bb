"""ARNs of one kind under numbers, so that patterns of policies are answered with masks and not one by one."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from identity_guard.iam.text.wildcard import Glob, has_wildcard


class Names:
    """ARNs; a mask has the bit of each ARN's number."""

    def __init__(self, arns: Sequence[str], numbers: Sequence[int] | None = None) -> None:
        """Index them, under given numbers or under their places."""
        self._numbers = dict(zip(arns, numbers if numbers is not None else range(len(arns)), strict=True))
        self.by_number = {number: arn for arn, number in self._numbers.items()}
        self.all = mask_of(self._numbers.values())
        self._sorted = sorted(self._numbers)
        self._by_tail: dict[str, list[str]] = {}
        for arn in self._numbers:
            self._by_tail.setdefault(_tail(arn), []).append(arn)
        self._found: dict[str, int] = {}

    def matching(self, pattern: str) -> int:
        """Return the ARNs that a pattern of a policy takes."""
        if not has_wildcard(pattern):
            number = self._numbers.get(pattern)
            return 0 if number is None else 1 << number
        found = self._found.get(pattern)
        if found is None:
            glob = Glob(pattern)
            fitting = (self._numbers[arn] for arn in self._candidates(pattern) if glob.matches(arn))
            found = self._found[pattern] = mask_of(fitting)
        return found

    def matching_any(self, patterns: Iterable[str]) -> int:
        """Return what some of the patterns take."""
        found = 0
        for pattern in patterns:
            found |= self.matching(pattern)
        return found

    def _candidates(self, pattern: str) -> Iterable[str]:
        """Narrow down by the pattern's last name where that is spelled out, else by how it begins."""
        tail = _tail(pattern)
        if "/" in pattern and tail and not has_wildcard(tail):
            return self._by_tail.get(tail, ())
        start = min(place for sign in "*?" if (place := pattern.find(sign)) >= 0)
        first = bisect_left(self._sorted, pattern[:start])
        last = bisect_left(self._sorted, pattern[:start] + "\U0010ffff")
        return self._sorted[first:last]


def mask_of(numbers: Iterable[int]) -> int:
    """Return a mask with the bit of each number."""
    found = sorted(numbers)
    if not found:
        return 0
    held = bytearray((found[-1] >> 3) + 1)
    for number in found:
        held[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(held, "little")


def numbers_in(mask: int) -> Iterable[int]:
    """Go through the numbers of a mask, the lowest first."""
    held = mask.to_bytes((mask.bit_length() >> 3) + 1, "little")
    for place, byte in enumerate(held):
        if byte:
            yield from (place * 8 + bit for bit in range(8) if byte >> bit & 1)


def lowest(mask: int) -> int:
    """Return the lowest number of a mask that is not empty."""
    return (mask & -mask).bit_length() - 1


def _tail(arn: str) -> str:
    return arn.rpartition("/")[2]
