"""The share of a window's rows that changed, written from its definition: NumPy counts, SciPy logarithms.

    python test/golden/changed-share.py > test/golden/changed-share.json
"""

import json
import math

import numpy as np
from scipy.special import xlogy

rng = np.random.default_rng(20261128)


def edges_of(pooled):
    """Values that open a bin of a column of numbers: ranks from either end grow by a tenth."""
    count, rank, places = len(pooled), 1, []
    while rank <= count / 2:
        places += [rank, count - rank]
        rank = max(rank + 1, math.floor(1.1 * rank + 0.5))
    edges = set()
    for place in places:
        value = pooled[place]
        if value > pooled[0]:
            edges.add(value)
        if pooled[place - 1] == value and (pooled > value).any():
            edges.add(pooled[pooled > value].min())
    return np.sort(np.array(sorted(edges)))


def bins_of(pooled, is_category):
    if is_category:
        _, first, codes = np.unique(pooled, return_index=True, return_inverse=True)
        # In order of appearance.
        return np.argsort(np.argsort(first))[codes]
    return np.searchsorted(edges_of(np.sort(pooled)), pooled, side="right")


def sets_of(bins, in_window, is_category):
    """(rows of the window, rows of both) in every set."""
    count = bins.max() + 1
    sizes = np.bincount(bins, minlength=count)
    own = np.bincount(bins[in_window], minlength=count)
    if is_category and count > 12:
        return list(zip(own, sizes))
    order = sorted(range(count), key=lambda b: -own[b] / sizes[b]) if is_category else range(count)
    order = list(order)[:-1]
    return list(zip(np.cumsum(own[order]), np.cumsum(sizes[order])))


def deviance(own, known, n, m):
    """Of a set with half a row moved to the reference; 0 unless the window has more of it."""
    inside, outside = own - 0.5, known + 0.5
    if inside <= 0 or inside / n <= outside / m:
        return 0.0
    table = np.array([[inside, n - inside], [outside, m - outside]], float)
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    return float(2 * xlogy(table, table / expected).sum())


def excesses(sets, n, m):
    """Sets, or what is outside of them, that the window has more of, and no more than half of the reference."""
    found = []
    for inside, both in sets:
        for own, known in [(inside, both - inside), (n - inside, m - (both - inside))]:
            if 2 * known <= m and own / n > known / m:
                found.append((own, known))
    return found


def least_changed(found, n, m, chance):
    return max(
        (next(c for c in range(own + 1) if deviance(own - c, known, n - c, m) <= chance) for own, known in found),
        default=0,
    )


def estimate(reference, window, columns, categories, draws, blocks):
    m, n = len(reference), len(window)
    pooled = np.concatenate([reference, window])
    if blocks is None:
        unit_of_row = np.arange(m + n)
        reference_units, units = m, m + n
    else:
        reference_units = len(set(blocks[0]))
        names = [(0, b) for b in blocks[0]] + [(1, b) for b in blocks[1]]
        order = {name: i for i, name in enumerate(dict.fromkeys(names))}
        unit_of_row = np.array([order[name] for name in names])
        units = len(order)
    sums_window = units - reference_units <= reference_units
    pool = np.roll(np.arange(units), units - reference_units) if sums_window else np.arange(units)
    take = units - reference_units if sums_window else reference_units
    integers, sides = [], []
    for _ in range(draws):
        for i in range(take):
            j = int(rng.integers(units - i))
            integers.append(j)
            pool[[i, i + j]] = pool[[i + j, i]]
        drawn = np.isin(unit_of_row, pool[:take])
        sides.append(drawn if sums_window else ~drawn)

    critical, observed = np.zeros(draws), []
    for column in columns:
        is_category = column in categories
        bins = bins_of(pooled[:, column], is_category)
        for b, side in enumerate(sides):
            size = side.sum()
            for own, known in excesses(sets_of(bins, side, is_category), size, m + n - size):
                critical[b] = max(critical[b], deviance(own, known, size, m + n - size))
        observed.append(excesses(sets_of(bins, np.arange(m + n) >= m, is_category), n, m))
    critical.sort()

    def bounds(level):
        chance = critical[min(draws, math.ceil(level * (draws + 1))) - 1]
        return [least_changed(found, n, m, chance) / n for found in observed]

    sure, likely = bounds(0.95), bounds(0.5)
    at_least = max(sure)
    estimate = max(share for share, bound in zip(likely, sure) if bound >= at_least / 2)
    return integers, {"atLeast": at_least, "estimate": estimate, "columns": sure}


def case(name, m, n, *, draws=19, shift=0.0, changed=0.0, blocks=None, seed=None, kinds=20):
    """Numbers, numbers with ties, four categories, many categories, a constant."""

    global rng
    rng = rng if seed is None else np.random.default_rng(seed)

    def rows(count, share):
        values = np.stack(
            [
                rng.normal(size=count),
                rng.integers(0, 6, size=count),
                rng.integers(0, 4, size=count),
                rng.integers(0, kinds, size=count),
                np.full(count, 2.0),
            ],
            axis=1,
        )
        moved = np.arange(count) < share * count
        values[moved, 0] += shift
        values[moved, 1] += 3 * np.sign(shift)
        values[moved, 2] = np.where(shift == 0, values[moved, 2], 3)
        values[moved, 3] = np.where(shift == 0, values[moved, 3], 7)
        return values.astype(np.float32).astype(float)

    reference, window = rows(m, 0), rows(n, changed)
    columns, categories = [4, 0, 1, 2, 3], [2, 3]
    labels = None if blocks is None else [(np.arange(m) // blocks).tolist(), (np.arange(n) // blocks).tolist()]
    integers, expected = estimate(reference, window, columns, categories, draws, labels)
    return {
        "name": name,
        "columnCount": 5,
        "reference": reference.reshape(-1).tolist(),
        "window": window.reshape(-1).tolist(),
        "asked": columns,
        "categories": categories,
        "draws": draws,
        "blocks": labels,
        "integers": integers,
        **expected,
    }


cases = [
    case("nothing changed", 40, 12),
    case("a third moved far up", 60, 30, shift=9, changed=0.34),
    case("all moved down a little", 80, 25, shift=-1.5, changed=1, draws=39),
    case("more rows than the reference", 20, 45, shift=6, changed=0.5),
    case("as many rows as the reference", 30, 30, shift=4, changed=0.2),
    case("blocks of three", 60, 30, shift=8, changed=0.6, blocks=3),
    case("blocks of four, more of them than the reference has", 24, 40, shift=8, changed=0.8, blocks=4),
    case("few draws", 50, 20, shift=3, changed=0.7, draws=7),
    case("many rows that moved a little", 120, 80, shift=0.9, changed=1, draws=29),
    # Chosen where a window is as far out as the draw that bounds it, and unsure columns ask for more than sure ones.
    case("bounds that are just met", 30, 12, shift=9, changed=0.4, seed=5),
    case("unsure columns beside a sure one", 24, 24, shift=5, changed=0.3, seed=31, draws=24),
    case("bounds that are just met by a sure column", 60, 30, shift=2.2, changed=0.3, draws=24, seed=29),
    # As many as are looked at together, and one more.
    case("twelve categories", 90, 40, shift=5, changed=0.4, kinds=12, seed=1),
    case("thirteen categories", 90, 40, shift=5, changed=0.4, kinds=13, seed=1),
]
print(json.dumps(cases, separators=(",", ":")))
