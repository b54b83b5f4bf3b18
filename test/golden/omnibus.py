"""The window test written from its formulas, with the random numbers it is to draw: SciPy ranks, NumPy sums.

    python test/golden/omnibus.py > test/golden/omnibus.json
"""

import json

import numpy as np
from scipy.stats import rankdata

rng = np.random.default_rng(20261127)
f32 = np.float32


def rank_scores(u):
    return [u - 0.5, (u - 0.5) ** 2, -np.log(1 - u), -np.log(u)]


def pooled_scores(pooled, raw):
    u = (rankdata(pooled) - 0.5) / len(pooled)
    return rank_scores(u) + ([pooled] if raw else [])


def root(half):
    return float(f32(np.sqrt(2 * half))) if half > 1e-9 else 0.0


def likelihood_ratio(table):
    """Half the deviance of a table of counts: sum of observed ln(observed / expected)."""
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    seen = table > 0
    return float((table[seen] * np.log(table[seen] / expected[seen])).sum())


def categories(own, pool):
    rest = pool - own
    if own.sum() == 0 or rest.sum() == 0:
        return [0.0, 0.0]
    largest = max(
        root(likelihood_ratio(np.array([[own[c], own.sum() - own[c]], [rest[c], rest.sum() - rest[c]]])))
        for c in range(len(own))
    )
    return [largest, float(f32(max(0, 2 * likelihood_ratio(np.array([own, rest])))))]


def strength(ordered, value):
    median = float(ordered[len(ordered) >> 1])
    spread = float(ordered[int(0.95 * (len(ordered) - 1))]) - median
    unit = spread if spread > 0 else median if median > 0 else 1
    excess = max(0, float(value) - median) / unit
    beyond = float(f32(min(excess / (1 + excess), 1 - 1e-6)))
    return level(ordered, value, beyond), beyond


def level(ordered, value, beyond):
    return float(f32(np.sum(ordered < f32(value)) - len(ordered) + beyond))


def combine(draws, members):
    """Ascending channels, and per group the strongest channel of every draw."""
    ordered = [np.sort(np.array(d, f32)) for d in draws]
    strongest = []
    for own in members:
        pairs = []
        for b in range(len(draws[0])):
            best = (-np.inf, 0.0)
            for c in own:
                one = strength(ordered[c], draws[c][b])
                if one[0] > best[0]:
                    best = one
            pairs.append(best)
        strongest.append(pairs)
    return ordered, strongest


def layout(groups):
    """Statistics as (column, kind, channel, tested column) and the groups of channels."""
    statistics, channel_group, tested = [], [], []
    for g, group in enumerate(groups):
        shared = None
        for column in group["columns"]:
            kinds = {"rank": ["rank"], "rank+raw": ["rank", "raw"], "category": ["share", "deviance"]}[group["kind"]]
            if shared is None or group["kind"] == "category":
                shared = len(channel_group)
                channel_group += [g] * len(kinds)
            if column == group["columns"][0] and "also" in group:
                extra = len(channel_group)
                channel_group.append(g)
                if group["also"] == "together":
                    tested.append((g, None))
                    statistics.append((group["columns"], "together", extra, len(tested) - 1))
            tested.append((g, column))
            for i, kind in enumerate(kinds):
                statistics.append((column, kind, shared + i, len(tested) - 1))
            if group.get("also") == "few":
                statistics.append((column, "few", extra, len(tested) - 1))
    return statistics, channel_group, tested


def judge(groups, draws, alone, observed, is_drawn):
    """`draws`: statistics × draws; `alone`: of them those kept column by column."""
    statistics, channel_group, tested = layout(groups)
    count = len(draws[0])
    channels = [
        [max(draws[s][b] for s, one in enumerate(statistics) if one[2] == c) for b in range(count)]
        for c in range(len(channel_group))
    ]
    ordered, strongest = combine(
        channels, [[c for c, own in enumerate(channel_group) if own == g] for g in range(len(groups))]
    )
    in_group = [np.sort(np.array([value for value, _ in own], f32)) for own in strongest]
    overall = np.sort(
        np.array([max(level(in_group[g], *strongest[g][b]) for g in range(len(groups))) for b in range(count)], f32)
    )
    added = 0 if is_drawn else 1

    def p(null, value):
        return float((np.sum(null >= f32(value)) + added) / (len(null) + added))

    own = [strength(ordered[one[2]], observed[s]) for s, one in enumerate(statistics)]

    def best(indices):
        return max((own[s] for s in indices), key=lambda pair: pair[0])

    of_column = [best([s for s, one in enumerate(statistics) if one[3] == k]) for k in range(len(tested))]
    by_group = [best([s for s, one in enumerate(statistics) if tested[one[3]][0] == g]) for g in range(len(groups))]
    levels = [level(in_group[g], *by_group[g]) for g in range(len(groups))]
    own_ordered, own_strongest = combine(
        alone, [[s for s, one in enumerate(statistics) if one[3] == k] for k in range(len(tested))]
    )
    columns = []
    for k, (g, column) in enumerate(tested):
        if column is None:
            continue
        members = [s for s, one in enumerate(statistics) if one[3] == k]
        null = np.sort(np.array([value for value, _ in own_strongest[k]], f32))
        value = max(strength(own_ordered[s], observed[s])[0] for s in members)
        columns.append(
            {
                "column": column,
                "statistic": max(observed[s] for s in members),
                "pValue": p(null, value),
                "adjustedPValue": p(overall, level(in_group[g], *of_column[k])),
            }
        )
    return {
        "pValue": p(overall, max(levels)),
        "groups": [
            {
                "name": groups[g]["name"],
                "pValue": p(in_group[g], by_group[g][0]),
                "adjustedPValue": p(overall, levels[g]),
                "strongestColumn": tested[
                    max(
                        (k for k, (own_group, column) in enumerate(tested) if own_group == g and column is not None),
                        key=lambda k: of_column[k][0],
                    )
                ][1],
            }
            for g in range(len(groups))
        ],
        "columns": columns,
    }


def higher_criticism(values, is_own):
    """Berk & Jones: over the j highest, the largest log-likelihood ratio of one's own share against that of all."""
    total, n = len(values), int(is_own.sum())
    largest = 0.0
    for threshold in np.unique(values):
        above = values >= threshold
        j, own = int(above.sum()), int((above & is_own).sum())
        if j > np.ceil(0.1 * total) or own * total <= n * j:
            continue
        largest = max(largest, likelihood(own, n / total * j) + likelihood(j - own, (1 - n / total) * j))
    return float(f32(largest))


def likelihood(seen, expected):
    return float(seen * np.log(seen / expected)) if seen > 0 else 0.0


class Integers:
    """Random integers, kept in the order they are asked for."""

    def __init__(self):
        self.drawn = []

    def __call__(self, limit):
        self.drawn.append(int(rng.integers(limit)))
        return self.drawn[-1]


def shuffle_into(pool, take, integer):
    for i in range(take):
        j = i + integer(len(pool) - i)
        pool[i], pool[j] = pool[j], pool[i]
    return pool[:take]


def exchange(m, n, blocks, strata, permutations, integer):
    """Rows of the summed side in the observed draw and in random ones, and the strata of the units."""
    unit = np.arange(m + n)
    if blocks is not None:
        names = [("reference", b) for b in blocks[0]] + [("window", b) for b in blocks[1]]
        order = list(dict.fromkeys(names))
        unit = np.array([order.index(name) for name in names])
    units = unit.max() + 1
    reference_units = len(set(unit[:m]))
    sums_window = units - reference_units <= reference_units
    observed = list(range(reference_units, units)) if sums_window else list(range(reference_units))
    others = [u for u in range(units) if u not in observed]
    label = np.zeros(units, int)
    if strata is not None:
        rows = np.concatenate([strata[0], strata[1]])
        for u in range(units):
            found, counts = np.unique(rows[unit == u], return_counts=True)
            label[u] = found[np.argmax(counts)]
    drawn = [[] for _ in range(permutations + 1)]
    groups = []
    for name in dict.fromkeys(label[u] for u in observed + others):
        pool = [u for u in observed + others if label[u] == name]
        take = sum(u in observed for u in pool)
        groups.append((list(pool), take))
        drawn[0] += pool[:take]
        for b in range(1, permutations + 1):
            drawn[b] += shuffle_into(pool, take, integer)
    return unit, units, drawn, groups


def exact(reference, window, groups, permutations, blocks=None, strata=None):
    m, n = len(reference), len(window)
    pooled = np.concatenate([reference, window]).astype(float)
    integer = Integers()
    unit, units, drawn, unit_strata = exchange(m, n, blocks, strata, permutations, integer)
    centre = np.zeros(m + n, int)
    if strata is not None and blocks is not None:
        centre = np.concatenate([strata[0], strata[1]])
    statistics, _, _ = layout(groups)
    draws = []
    for column, kind, _, _ in statistics:
        values = pooled[:, column]
        if kind in ("share", "deviance"):
            _, codes = np.unique(values, return_inverse=True)
            pool = np.bincount(codes)
            index = ["share", "deviance"].index(kind)
            draws.append(
                [
                    categories(np.bincount(codes[np.isin(unit, own)], minlength=len(pool)), pool)[index]
                    for own in drawn
                ]
            )
            continue
        if kind == "few":
            sums_window = unit[m] in drawn[0]
            draws.append([higher_criticism(values, np.isin(unit, own) == sums_window) for own in drawn])
            continue
        if kind == "together":
            scores = [pooled_scores(values[:, k], False)[0] for k in range(values.shape[1])]
        else:
            scores = [values] if kind == "raw" else pooled_scores(values, False)
        best = np.zeros(permutations + 1)
        for score in scores:
            rows = np.array(score, dtype=f32).astype(float)
            if blocks is not None:
                for name in np.unique(centre):
                    rows[centre == name] -= rows[centre == name].mean()
            sums = np.bincount(unit, weights=rows, minlength=units)
            mean = variance = 0.0
            for own, take in unit_strata:
                part = sums[own]
                mean += take * part.mean()
                if len(own) > 1:
                    size = len(own)
                    variance += take * (size - take) * ((part - part.mean()) ** 2).sum() / (size * (size - 1))
            if variance < 1e-12:
                continue
            standardised = np.array([abs(sums[own].sum() - mean) / np.sqrt(variance) for own in drawn])
            best = best + standardised**2 if kind == "together" else np.maximum(best, standardised)
        draws.append([float(f32(value)) for value in best])
    return {
        "permutations": permutations,
        "integers": integer.drawn,
        "blocks": blocks,
        "strata": strata,
        **judge(groups, draws, draws, [own[0] for own in draws], True),
    }


def rank_pairs(known, own):
    m = len(known)
    before = rank_scores((rankdata(known) - 0.5) / m)
    k = np.array([2 * (known < value).sum() + (known == value).sum() + 1 for value in own])
    return list(zip(before, rank_scores(k / (2 * (m + 1)))))


def fast(reference, window, groups, draws):
    m, n = len(reference), len(window)
    integer = Integers()
    pool = list(range(m))
    drawn = [list(shuffle_into(pool, n, integer)) for _ in range(draws)]
    statistics, _, _ = layout(groups)
    null, observed = [], []
    for column, kind, _, _ in statistics:
        known, own = reference[:, column].astype(float), window[:, column].astype(float)
        if kind in ("share", "deviance"):
            index = ["share", "deviance"].index(kind)
            names = np.unique(np.concatenate([known, own]))
            count = lambda values: np.array([(values == name).sum() for name in names])
            null.append([categories(count(known[rows]), count(known))[index] for rows in drawn])
            observed.append(categories(count(own), count(own) + count(known))[index])
            continue
        if kind == "few":
            null.append([higher_criticism(known, np.isin(np.arange(m), rows)) for rows in drawn])
            observed.append(higher_criticism(np.concatenate([known, own]), np.arange(m + n) >= m))
            continue
        if kind == "raw":
            pairs = [(known, own)]
        elif kind == "together":
            pairs = [rank_pairs(known[:, k], own[:, k])[0] for k in range(known.shape[1])]
        else:
            pairs = rank_pairs(known, own)
        best, mine = np.zeros(draws), 0.0
        for score, new in pairs:
            score, new = np.array(score, f32).astype(float), np.array(new, f32).astype(float)
            squares = ((score - score.mean()) ** 2).sum()
            if squares > 1e-12:
                scale = np.sqrt(m * (m - 1) / (squares * n * (m - n)))
                standardised = np.array([abs(score[rows].sum() - n * score.mean()) * scale for rows in drawn])
                best = best + standardised**2 if kind == "together" else np.maximum(best, standardised)
            deviation = new - score.mean()
            total = n + m
            both = squares + (deviation**2).sum() - deviation.sum() ** 2 / total
            if both > 1e-12:
                one = abs(deviation.sum()) / np.sqrt(both * n * total / (m * (total - 1)))
                mine = mine + one**2 if kind == "together" else max(mine, one)
        null.append([float(f32(value)) for value in best])
        observed.append(float(f32(mine)))
    alone = [own[:199] for own in null]
    return {"draws": draws, "integers": integer.drawn, **judge(groups, null, alone, observed, False)}


GROUPS = [
    {"name": "plain", "columns": [0, 1], "kind": "rank", "also": "together"},
    {"name": "class", "columns": [4, 5], "kind": "category"},
    {"name": "tails", "columns": [2, 3, 6], "kind": "rank+raw", "also": "few"},
]


def rows(count, shift=0.0):
    return np.stack(
        [
            rng.normal(size=count) + shift,
            rng.integers(0, 3, count),
            rng.standard_cauchy(count),
            np.full(count, 7.0),
            rng.choice([0, 1, 2, 5], count, p=[0.5, 0.3, 0.15, 0.05]),
            rng.integers(0, 2, count) if shift == 0 else np.ones(count),
            np.exp(rng.normal(size=count) + shift),
        ],
        axis=1,
    ).astype(f32)


def labels(count, size):
    return (np.arange(count) // size).tolist()


def case(name, reference, window, make):
    return {
        "name": name,
        "reference": [float(value) for value in reference.reshape(-1)],
        "window": [float(value) for value in window.reshape(-1)],
        **make(reference, window),
    }


def exact_cases():
    def plain(a, b):
        return exact(a, b, GROUPS, 59)

    def pairs(a, b):
        return exact(a, b, GROUPS, 59, strata=[labels(len(a), 1), labels(len(b), 1)])

    def blocked(a, b):
        return exact(a, b, GROUPS, 59, blocks=[labels(len(a), 4), labels(len(b), 3)])

    def stratified(a, b):
        return exact(a, b, GROUPS, 59, strata=[(np.arange(len(a)) % 3).tolist(), (np.arange(len(b)) % 2 + 1).tolist()])

    def both(a, b):
        strata = [rng.integers(3, 6, len(a)).tolist(), rng.integers(3, 5, len(b)).tolist()]
        return exact(a, b, GROUPS, 59, blocks=[labels(len(a), 4), labels(len(b), 3)], strata=strata)

    return [
        case("a null", rows(40), rows(11), plain),
        case("a shift", rows(40), rows(11, 0.9), plain),
        case("a window larger than the reference", rows(13), rows(30, 0.4), plain),
        case("blocks", rows(48), rows(15, 0.5), blocked),
        case("more blocks in the window", rows(16), rows(24, 0.3), blocked),
        case("strata of two rows and of one", rows(20), rows(14, 0.4), pairs),
        case("strata", rows(45), rows(16, 0.5), stratified),
        case("blocks and strata", rows(60), rows(21, 0.5), both),
    ]


def fast_cases():
    moved = rows(14, 0.5)
    moved[3, 3] = 8.0
    moved[5, 4] = 9.0
    wide, right, left = rows(12), rows(15), rows(11)
    wide[:, 0] *= 3
    right[:3, 0], right[3:6, 6] = 4.0, 40.0
    left[:3, 0], left[3:, 6] = -4.0, 0.001
    return [
        case("another spread", rows(45), wide, lambda a, b: fast(a, b, GROUPS, 80)),
        case("an upper tail", rows(45), right, lambda a, b: fast(a, b, GROUPS, 80)),
        case("a lower tail", rows(45), left, lambda a, b: fast(a, b, GROUPS, 80)),
        case("a null", rows(60), rows(9), lambda a, b: fast(a, b, GROUPS, 240)),
        case("a shift", rows(50), rows(12, 0.8), lambda a, b: fast(a, b, GROUPS, 80)),
        case("values never seen before", rows(40), moved, lambda a, b: fast(a, b, GROUPS, 80)),
    ]


if __name__ == "__main__":
    print(json.dumps({"groups": GROUPS, "exact": exact_cases(), "fast": fast_cases()}, separators=(",", ":")))
