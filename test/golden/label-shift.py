"""Reference values for category effects and for estimates under label shift, from NumPy.

    python test/golden/label-shift.py > test/golden/label-shift.json
"""

import json

import numpy as np

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


print(json.dumps({"categoryEffects": category_effects()}, separators=(",", ":")))
