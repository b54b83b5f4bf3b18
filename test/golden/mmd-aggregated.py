"""MMDAgg written from algorithm 1 of Schrab et al. (2023) with NumPy, on signs both sides draw from the same numbers.

    python test/golden/mmd-aggregated.py > test/golden/mmd-aggregated.json
"""

import json
import math

import numpy as np
from scipy.spatial.distance import cdist

rng = np.random.default_rng(20261126)


def park_miller(seed):
    """The minimal standard generator: in (0, 1)."""
    state = seed
    while True:
        state = state * 16807 % 2147483647
        yield state / 2147483647


def draw_signs(rows, draws, uniform):
    """Columns of signs, 256 at a time and row by row; the very first is all 1."""
    blocks = []
    for block in range(math.ceil(draws / 256)):
        signs = np.ones((rows, 256))
        for row in range(rows):
            for draw in range(256):
                if block + draw > 0:
                    signs[row, draw] = 1 if next(uniform) < 0.5 else -1
        blocks.append(signs)
    return np.concatenate(blocks, axis=1)[:, :draws]


def bandwidths(x, y, count):
    distances = np.sort(cdist(x, y, "cityblock").reshape(-1))
    smallest = distances[0]
    if smallest < 0.1:
        smallest = max(distances[int(np.floor(len(distances) * 0.05))], 0.1)
    low, high = smallest / 2, max(distances[-1], 0.3) * 2
    return low * (high / low) ** (np.arange(count) / (count - 1))


def statistics(x, y, bandwidth, signs):
    pooled = np.concatenate([x, y])
    kernel = np.exp(-cdist(pooled, pooled, "cityblock") / bandwidth)
    n = len(x)
    h = kernel[:n, :n] + kernel[n:, n:] - kernel[:n, n:] - kernel[n:, :n]
    np.fill_diagonal(h, 0)
    # Rounded, so that values equal but for rounding are equal.
    return np.round(np.einsum("ib,ij,jb->b", signs, h, signs) / (n * (n - 1)), 7)


def aggregated(x, y, *, levels, count, quantile_draws, level_draws, seed):
    signs = draw_signs(len(x), 1 + quantile_draws + level_draws, park_miller(seed))
    tests = [statistics(x, y, bandwidth, signs) for bandwidth in bandwidths(x, y, count)]
    observed = np.array([test[0] for test in tests])
    first = [np.sort(test[: quantile_draws + 1]) for test in tests]
    second = np.array([test[quantile_draws + 1 :] for test in tests])

    def quantiles(tail):
        place = max(0, math.ceil((quantile_draws + 1) * (1 - tail)) - 1)
        return np.array([one[place] for one in first])

    def rejects(level):
        low, high = 0.0, float(count)
        for _ in range(50):
            middle = (low + high) / 2
            exceeding = (second > quantiles(middle / count)[:, None]).any(axis=0).mean()
            low, high = (middle, high) if exceeding <= level else (low, middle)
        return bool((observed > quantiles(low / count)).any())

    def smallest_p(values):
        return min((one >= value).mean() for one, value in zip(first, values))

    own = smallest_p(observed)
    reaching = sum(smallest_p(second[:, b]) <= own for b in range(level_draws))
    return {
        "statistic": float(1 - own),
        "pValue": float((1 + reaching) / (level_draws + 1)),
        "rejectedAt": [level for level in levels if rejects(level)],
    }


LEVELS = [0.01, 0.02, 0.05, 0.07, 0.1, 0.13, 0.17, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9]


def cases():
    found = []
    shapes = [(2, 4, 25, 15), (5, 3, 60, 41), (8, 10, 39, 60), (4, 2, 170, 150), (3, 5, 19, 20)]
    for i in range(30):
        rows, count, quantile_draws, level_draws = shapes[i % len(shapes)]
        columns = 1 + i % 3
        x = rng.normal(size=(rows, columns)).astype(np.float32).astype(float)
        shift = [0, 0.8, 2.5][i // 10]
        y = rng.normal(shift, 1, size=(rows, columns)).astype(np.float32).astype(float)
        if i % 7 == 3:
            y[0] = x[0]
        options = {
            "levels": LEVELS,
            "count": count,
            "quantile_draws": quantile_draws,
            "level_draws": level_draws,
            "seed": 100 + i,
        }
        found.append(
            {
                "first": x.reshape(-1).tolist(),
                "second": y.reshape(-1).tolist(),
                "columnCount": columns,
                "bandwidths": count,
                "quantileDraws": quantile_draws,
                "levelDraws": level_draws,
                "seed": options["seed"],
                **aggregated(x, y, **options),
            }
        )
    return found


print(json.dumps({"levels": LEVELS, "cases": cases()}, separators=(",", ":")))
