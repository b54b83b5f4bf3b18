"""Reference values for category effects and for estimates under label shift, from SciPy and NumPy.

    python test/golden/label-shift.py > test/golden/label-shift.json
"""

import json

import numpy as np
from scipy import stats

rng = np.random.default_rng(20261126)


def category_effect(reference, window):
    """Shares, half the sum of their differences, and the Bonferroni-adjusted smallest Fisher tail."""
    total, draws = len(reference) + len(window), len(window)
    categories = sorted(set(reference) | set(window))
    tails = []
    for category in categories:
        own = int(np.sum(window == category))
        marked = own + int(np.sum(reference == category))
        law = stats.hypergeom(total, marked, draws)
        tails.append(min(1, 2 * min(law.cdf(own), law.sf(own - 1))))
    before = [float(np.mean(reference == c)) for c in categories]
    now = [float(np.mean(window == c)) for c in categories]
    return {
        "reference": reference.tolist(),
        "window": window.tolist(),
        "shares": [[int(c), b, n] for c, b, n in zip(categories, before, now)],
        "totalVariation": float(np.abs(np.subtract(before, now)).sum() / 2),
        "pValue": float(min(1, len(categories) * min(tails))),
    }


def category_effects():
    return [
        category_effect(rng.integers(0, 5, 400), rng.integers(0, 5, 60)),
        category_effect(rng.integers(0, 3, 300), rng.choice([0, 1, 2, 7], 80, p=[0.1, 0.2, 0.6, 0.1])),
        category_effect(rng.integers(0, 10, 2000), np.full(200, 3)),
        category_effect(np.full(20, 1), np.full(5, 1)),
    ]


print(json.dumps({"categoryEffects": category_effects()}, separators=(",", ":")))
