"""The test of the look under another mix of labels, written from its formulas with NumPy, with the numbers it draws.

    python test/golden/appearance-test.py > test/golden/appearance-test.json
"""

import json

import numpy as np

from omnibus import judge, layout, rank_scores

rng = np.random.default_rng(20261129)
f32 = np.float32
MOST_PARTS = 50

GROUPS = [
    {"name": "ranks", "columns": [0, 2], "kind": "rank"},
    {"name": "raw", "columns": [1, 3], "kind": "rank+raw"},
]


class Numbers:
    """Uniform numbers and integers, kept in the order they are asked for."""

    def __init__(self):
        self.drawn = []

    def integer(self, limit):
        self.drawn.append(int(rng.integers(limit)))
        return self.drawn[-1]

    def uniform(self):
        self.drawn.append(float(rng.integers(2**12) / 2**12))
        return self.drawn[-1]


def likeliest_shares(confusion, predicted):
    chance = confusion / np.maximum(confusion.sum(axis=0), 1)
    seen = np.bincount(predicted, minlength=len(confusion))
    shares = confusion.sum(axis=0) / confusion.sum()
    for _ in range(2000):
        posterior = shares * chance
        evidence = posterior.sum(axis=1)
        told = (seen > 0) & (evidence > 0)
        after = (seen[told, None] * posterior[told] / evidence[told, None]).sum(axis=0) / seen[told].sum()
        moved = np.abs(after - shares).max()
        shares = after
        if moved < 1e-9:
            break
    return shares


def scores(reference, values):
    """Each row ranked among the reference and itself, the raw value besides where it counts."""
    m, columns = len(reference), []
    for group in GROUPS:
        for column in group["columns"]:
            known, own = reference[:, column], values[:, column]
            k = np.array([2 * (known < v).sum() + (known == v).sum() + 1 for v in own])
            columns += rank_scores(k / (2 * (m + 1)))
            if group["kind"] == "rank+raw":
                columns.append(own)
    return np.stack(columns, axis=1).astype(f32).astype(float)


def discriminants(outputs, labels, count):
    means = np.array([outputs[labels == y].mean(axis=0) if (labels == y).any() else 0 * outputs[0] for y in range(count)])
    rest = outputs - means[labels]
    covariance = rest.T @ rest / len(labels)
    ridge = 0.01 * np.trace(covariance) / len(covariance) if np.trace(covariance) > 0 else 1
    return np.linalg.solve(covariance + ridge * np.eye(len(covariance)), means.T)


class Units:
    """Rows, or blocks of rows, that are drawn together."""

    def __init__(self, table, weights, blocks=None):
        if blocks is None:
            self.sums, self.weights, self.chances = table, np.ones(len(table)), weights / weights.sum()
            spread = weights
        else:
            order = list(dict.fromkeys(blocks))
            unit = np.array([order.index(block) for block in blocks])
            self.sums = np.zeros((len(order), table.shape[1]))
            np.add.at(self.sums, unit, weights[:, None] * table)
            self.weights = np.bincount(unit, weights=weights)
            self.chances = np.full(len(order), 1 / len(order))
            spread = self.weights
        self.effective = spread.sum() ** 2 / (spread**2).sum()

    def mean(self):
        return self.sums.sum(axis=0) / self.weights.sum()


def appearance(reference, window, permutations):
    numbers = Numbers()
    count = reference["labelCount"]
    known = np.array(reference["rows"])
    labels = np.array(reference["labels"])
    outputs = np.array(reference["outputs"], float)
    blocks = reference["blocks"]
    by = discriminants(outputs, labels, count)

    def table_of(values, own_outputs):
        return np.hstack([scores(reference["values"], values), (own_outputs @ by).astype(f32).astype(float)])

    table = table_of(reference["values"][known], outputs)
    score_count = table.shape[1] - count

    # Parts of the rows, dealt out in a random order: within each label, or block by block.
    if blocks is None:
        shuffled = rng.permutation(len(labels))
        order = sorted(shuffled, key=lambda row: labels[row])
        part = np.empty(len(labels), int)
        part[order] = np.arange(len(labels)) % MOST_PARTS
    else:
        distinct = list(dict.fromkeys(blocks))
        shuffled = rng.permutation(len(distinct))
        part = np.array([shuffled[distinct.index(block)] % MOST_PARTS for block in blocks])
    parts = part.max() + 1

    def remainder(means, times):
        counted = times[part]
        rows = np.array([counted[labels == y].sum() for y in range(count)])
        averages = np.array(
            [(counted[labels == y, None] * table[labels == y]).sum(axis=0) / max(1, rows[y]) for y in range(count)]
        )
        mix = np.linalg.solve(averages[:, score_count:].T, means[score_count:])
        return means[:score_count] - mix @ averages[:, :score_count]

    confusion = np.zeros((reference["classes"], count))
    np.add.at(confusion, (reference["predicted"], labels), 1)
    shares = likeliest_shares(confusion, window["predicted"])
    counts = np.bincount(labels, minlength=count)
    weights = shares[labels] * len(labels) / counts[labels]
    both = blocks is not None and window["blocks"] is not None
    own = Units(
        table_of(window["values"], np.array(window["outputs"], float)),
        np.ones(len(window["values"])),
        window["blocks"] if both else None,
    )
    pool = Units(table, weights, blocks)
    share = own.effective / (own.effective + pool.effective)
    bounds = np.cumsum(np.concatenate([pool.chances * (1 - share), own.chances * share]))
    sums = np.concatenate([pool.sums, own.sums])
    unit_weights = np.concatenate([pool.weights, own.weights])
    observed = remainder(own.mean(), np.ones(parts))
    draws = []
    for _ in range(permutations):
        times = np.bincount([numbers.integer(parts) for _ in range(parts)], minlength=parts)
        drawn = [min(len(bounds) - 1, int(np.searchsorted(bounds, numbers.uniform(), side="right"))) for _ in own.sums]
        mean = sums[drawn].sum(axis=0) / unit_weights[drawn].sum()
        draws.append((remainder(mean, times) - share * observed).astype(f32).astype(float))
    spread = np.sqrt((np.array(draws) ** 2).mean(axis=0))

    statistics, _, _ = layout(GROUPS)
    widths = [4 if kind == "rank" else 1 for _, kind, _, _ in statistics]
    ends = np.cumsum(widths)
    scaled = [np.abs(one) / spread for one in [observed, *draws]]
    values = [[float(f32(one[end - width : end].max())) for one in scaled] for width, end in zip(widths, ends)]

    # Scatter of the means if every label were known.
    rest = table - np.array([table[labels == y].mean(axis=0) if (labels == y).any() else 0 * table[0] for y in range(count)])[labels]
    units = Units(rest, weights, blocks)
    squares = (units.chances[:, None] * units.sums**2).sum(axis=0)[:score_count]
    plain = np.sqrt(squares * (1 / len(own.sums) + 1 / units.effective)) / (units.chances * units.weights).sum()
    return {
        "permutation": [int(i) for i in shuffled],
        "drawn": numbers.drawn,
        "permutations": permutations,
        "shares": shares.tolist(),
        "effective": float(pool.effective),
        "inflation": float(np.sort(spread / plain)[score_count >> 1]),
        "pValue": judge(GROUPS, values, values, [own[0] for own in values], True)["pValue"],
    }


def draw(count, mix, *, skill, classes=3, shift=0.0):
    labels = rng.choice(len(mix), count, p=mix)
    first = labels + rng.normal(size=count)
    values = np.stack(
        [first, np.exp(rng.normal(size=count) + (labels == 1)), rng.normal(size=count) + shift, rng.integers(0, 4, count)],
        axis=1,
    )
    predicted = np.where(rng.random(count) < skill, labels, rng.integers(0, classes, count))
    outputs = np.eye(classes)[predicted] + 0.1 * rng.normal(size=(count, classes))
    return {
        "values": np.round(values * 64) / 64,
        "labels": labels.tolist(),
        "predicted": predicted.tolist(),
        "outputs": (np.round(outputs * 64) / 64).tolist(),
        "blocks": None,
    }


def case(name, *, rows=90, size=25, mix, skill=0.8, classes=3, shift=0.0, block=None, labelled=1.0, permutations=29):
    reference = draw(rows, [0.4, 0.35, 0.25], skill=skill, classes=classes)
    window = draw(size, mix, skill=skill, classes=classes, shift=shift)
    known = [row for row in range(rows) if row < labelled * rows]
    reference = {**reference, "rows": known, "classes": classes, "labelCount": 3}
    for key in ["labels", "predicted", "outputs"]:
        reference[key] = [reference[key][row] for row in known]
    if block is not None:
        reference["blocks"] = [int(row // block) for row in known]
        window["blocks"] = [int(100 + row // block) for row in range(size)]
    expected = appearance(reference, window, permutations)
    for one in [reference, window]:
        one["values"] = one["values"].reshape(-1).tolist()
    return {"name": name, "reference": reference, "window": window, **expected}


cases = [
    case("the same mix", mix=[0.4, 0.35, 0.25]),
    case("another mix", mix=[0.1, 0.1, 0.8], size=40),
    case("another look", mix=[0.4, 0.35, 0.25], size=30, shift=1.2),
    case("a window of one label", mix=[0, 1, 0], skill=0.95, shift=0.5),
    case("some labels unknown, more classes than labels", mix=[0.3, 0.3, 0.4], classes=4, labelled=0.7, shift=0.4),
    case("more rows than parts of one label", mix=[0.2, 0.6, 0.2], rows=200, size=15, permutations=19),
    case("blocks", mix=[0.2, 0.3, 0.5], rows=120, size=32, block=4, shift=0.6),
    case("more blocks than parts", mix=[0.2, 0.3, 0.5], rows=160, size=18, block=2),
]
print(json.dumps({"groups": GROUPS, "cases": cases}, separators=(",", ":")))
