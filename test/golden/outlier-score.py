"""Outlier scores from their definitions: normal scores, Ledoit and Wolf's shrinkage, Mahalanobis, 5 neighbours.

Writes outlier-score.json. Run: python outlier-score.py   (numpy, scipy)
"""

import json
import pathlib

import numpy as np
from scipy import stats

rng = np.random.default_rng(11)
rows, size = 60, 13

common = rng.normal(size=(rows, 3))
train = np.round(3 * (common @ rng.normal(size=(3, size)) / 2 + rng.normal(size=(rows, size))))
train[:, 4] = np.maximum(0, train[:, 4])  # many ties
train[:, 9] = 2  # never varies
fresh = train[rng.integers(rows, size=12)] + rng.integers(-1, 2, size=(12, size))
fresh[0, 9] = 3
fresh[1] = train.max(0) + 30
fresh[2] = train.min(0) - 2
fresh[3:, 9] = 2


def normal_scores(column):
    return stats.norm.ppf((stats.rankdata(column) - 0.5) / len(column))


def map_column(column, values):
    knots, first = np.unique(column, return_index=True)
    scores = normal_scores(column)[first]
    out = np.interp(values, knots, scores)
    spread = column.std()
    for side, edge, score in ((values > knots[-1], knots[-1], scores[-1]), (values < knots[0], knots[0], scores[0])):
        with np.errstate(divide="ignore", invalid="ignore"):
            out = np.where(side, score + (values - edge) / spread, out)
    return np.clip(out, -10, 10)


z = np.stack([normal_scores(train[:, k]) for k in range(size)], 1)
z_fresh = np.stack([map_column(train[:, k], fresh[:, k]) for k in range(size)], 1)

# Ledoit and Wolf 2004, equations of section 3: m, d², b̄², all with the norm tr(AAᵀ)/p.
mean = z.mean(0)
x = z - mean
s = x.T @ x / rows
norm = lambda a: (a * a).sum() / size
m = np.trace(s) / size
d2 = norm(s - m * np.eye(size))
b2 = min(d2, sum(norm(np.outer(row, row) - s) for row in x) / rows**2)
shrinkage = b2 / d2
shrunk = shrinkage * m * np.eye(size) + (1 - shrinkage) * s

values, vectors = np.linalg.eigh(shrunk)
plane = vectors[:, ::-1][:, :8]
with_constant = shrunk.copy()
with_constant[9, 9] = 1
centred = z_fresh - mean
distance = np.sqrt(np.einsum("ij,jk,ik->i", centred, np.linalg.inv(with_constant), centred) / size)
gaps = np.linalg.norm((centred @ plane)[:, None] - (x @ plane)[None], axis=2)
neighbours = np.sort(gaps, 1)[:, :5].mean(1)

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(
    json.dumps(
        {
            "size": size,
            "train": train.astype(int).ravel().tolist(),
            "fresh": fresh.astype(int).ravel().tolist(),
            "distance": distance.tolist(),
            "neighbours": neighbours.tolist(),
        },
        separators=(",", ":"),
    )
    + "\n"
)
print(shrinkage, values[::-1][:9])
