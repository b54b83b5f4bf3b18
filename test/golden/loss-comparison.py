"""Relative increase of a mean and its 95% interval by the delta method.

Writes loss-comparison.json: losses of the baseline and of the batch, and the increase with its interval.
Run: python loss-comparison.py   (numpy, scipy)
"""

import json
import pathlib

import numpy as np
from scipy import stats

random = np.random.default_rng(7)
samples = [
    ("rise", random.gamma(4, 0.1, 200), random.gamma(5, 0.1, 40)),
    ("fall", random.gamma(4, 0.1, 300), random.gamma(3, 0.1, 25)),
    ("same", random.normal(0.7, 0.02, 400), random.normal(0.7, 0.02, 100)),
    ("one image", random.gamma(4, 0.1, 50), random.gamma(4, 0.1, 1)),
]


def interval(baseline, batch):
    """Var(b̄/ā) ≈ (Var(b̄) + (b̄/ā)² Var(ā)) / ā², both means independent."""
    ratio = batch.mean() / baseline.mean()
    error = [x.var(ddof=1) / len(x) if len(x) > 1 else 0.0 for x in (batch, baseline)]
    deviation = np.sqrt(error[0] + ratio**2 * error[1]) / baseline.mean()
    half = stats.norm.ppf(0.975) * deviation
    return {"value": ratio - 1, "low": ratio - 1 - half, "high": ratio - 1 + half}


cases = [
    {
        "name": name,
        "baseline": [round(float(x), 6) for x in baseline],
        "batch": [round(float(x), 6) for x in batch],
        **interval(baseline.round(6), batch.round(6)),
    }
    for name, baseline, batch in samples
]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"cases": cases}) + "\n")
