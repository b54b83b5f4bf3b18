"""Reference values for category effects and for estimates under label shift, from NumPy.

    python test/golden/label-shift.py > test/golden/label-shift.json
"""

import json

import numpy as np
from scipy import optimize

rng = np.random.default_rng(20261126)


def category_effect(reference, window):
    """Shares, and half the sum of their differences."""
    categories = sorted(set(reference) | set(window))
    before = [float(np.mean(reference == c)) for c in categories]
    now = [float(np.mean(window == c)) for c in categories]
    return {
        "reference": reference.tolist(),
        "window": window.tolist(),
        "shares": [[int(c), b, n] for c, b, n in zip(categories, before, now)],
        "totalVariation": float(np.abs(np.subtract(before, now)).sum() / 2),
    }


def category_effects():
    return [
        category_effect(rng.integers(0, 5, 400), rng.integers(0, 5, 60)),
        category_effect(rng.integers(0, 3, 300), rng.choice([0, 1, 2, 7], 80, p=[0.1, 0.2, 0.6, 0.1])),
        category_effect(rng.integers(0, 10, 2000), np.full(200, 3)),
        category_effect(np.full(20, 1), np.full(5, 1)),
    ]


def label_shares(predicted, actual, classes, labels, window):
    """The likeliest shares by a general optimiser, not by expectation and maximisation, and the weights they give rows."""
    confusion = np.zeros((classes, labels))
    np.add.at(confusion, (predicted, actual), 1)
    chance = confusion / confusion.sum(axis=0)
    seen = np.bincount(window, minlength=classes)
    prior = confusion.sum(axis=0) / confusion.sum()

    def loss(shares):
        return -np.sum(seen * np.log(np.maximum(1e-300, chance @ shares))) / len(window)

    found = optimize.minimize(
        loss,
        prior,
        method="SLSQP",
        bounds=[(0, 1)] * labels,
        constraints={"type": "eq", "fun": lambda shares: shares.sum() - 1},
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    weights = (found.x / prior)[actual]
    return {
        "predicted": predicted.tolist(),
        "actual": actual.tolist(),
        "classes": classes,
        "labels": labels,
        "window": window.tolist(),
        "shares": found.x.tolist(),
        "weights": weights.tolist(),
        "effective": float(weights.sum() ** 2 / (weights**2).sum()),
    }


def label_share_cases():
    cases = []
    for classes, labels, right, mix in [
        (4, 4, 0.8, [0.1, 0.2, 0.3, 0.4]),
        (4, 4, 0.5, [0.85, 0.05, 0.05, 0.05]),
        (5, 3, 0.6, [0.6, 0.1, 0.3]),
        (3, 3, 0.7, [0.0, 1.0, 0.0]),
    ]:
        def predict(actual):
            told = rng.random(len(actual)) < right
            return np.where(told, actual, rng.integers(0, classes, len(actual)))

        actual = rng.integers(0, labels, 600)
        truth = rng.choice(labels, 250, p=mix)
        cases.append(label_shares(predict(actual), actual, classes, labels, predict(truth)))
    return cases


print(json.dumps({"categoryEffects": category_effects(), "labelShares": label_share_cases()}, separators=(",", ":")))
