"""Scores of the window test outside a test, from their definitions: NumPy counts ranks.

    python test/golden/mean-scores.py > test/golden/mean-scores.json
"""

import json

import numpy as np

from omnibus import pooled_scores, rank_scores

rng = np.random.default_rng(20261130)

GROUPS = [
    {"name": "plain", "columns": [2], "kind": "rank"},
    {"name": "class", "columns": [3], "kind": "category"},
    {"name": "tails", "columns": [0, 4], "kind": "rank+raw"},
]
ALLOWED_SCORES = 5


def rows(count, shift=0.0):
    return np.stack(
        [
            rng.normal(size=count) + shift,
            rng.normal(size=count),
            rng.integers(0, 4, count) + shift,
            rng.choice([1, 5, 9], count),
            np.full(count, 3.0),
        ],
        axis=1,
    ).astype(np.float32).astype(float)


def differences(reference, window):
    """Mean of the window's scores less the reference's, in standard deviations of the pooled rows; 0 where nothing is scored."""
    pooled, m = np.concatenate([reference, window]), len(reference)
    found = np.zeros((reference.shape[1], ALLOWED_SCORES))
    for group in GROUPS:
        if group["kind"] == "category":
            continue
        for column in group["columns"]:
            for s, score in enumerate(pooled_scores(pooled[:, column], group["kind"] == "rank+raw")):
                score = np.array(score, np.float32).astype(float)
                if score.std() > 0:
                    found[column, s] = abs(score[m:].mean() - score[:m].mean()) / score.std()
    return found.reshape(-1).tolist()


def means(base, values):
    """Of numbers the scores by rank among the base and the value itself, of classes the share of each, in order of appearance."""
    found, classes = [], []
    for group in GROUPS:
        for column in group["columns"]:
            known, own = base[:, column], values[:, column]
            if group["kind"] == "category":
                names = known[np.sort(np.unique(known, return_index=True)[1])]
                classes += [float((own == name).mean()) for name in names]
                continue
            k = np.array([2 * (known < v).sum() + (known == v).sum() + 1 for v in own])
            found += [float(np.mean(score)) for score in rank_scores(k / (2 * (len(base) + 1)))]
            if group["kind"] == "rank+raw":
                found.append(float(own.mean()))
    return found + classes


reference, window, others = rows(30), rows(11, 0.7), rows(13, -0.3)
print(
    json.dumps(
        {
            "groups": GROUPS,
            "columnCount": 5,
            "reference": reference.reshape(-1).tolist(),
            "window": window.reshape(-1).tolist(),
            "others": others.reshape(-1).tolist(),
            "differences": differences(reference, window),
            "meansOfWindow": means(reference, window),
            "meansOfOthers": means(reference, others),
        },
        separators=(",", ":"),
    )
)
