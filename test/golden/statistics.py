"""Reference values for src/statistics and src/tensor from SciPy and NumPy.

    python test/golden/statistics.py > test/golden/statistics.json
"""

import json

import numpy as np
from scipy import linalg, special, stats
from scipy.spatial.distance import cdist

rng = np.random.default_rng(20261123)


def rounded(values):
    return np.asarray(values, dtype=np.float32)


def distributions():
    return {
        "normalTwoSided": [[z, float(2 * stats.norm.sf(z))] for z in [0.0, 0.5, 1.96, 6.0, 30.0]],
        "logNormalTwoSided": [
            [z, float(np.log(2) + stats.norm.logsf(abs(z)))] for z in [0.0, -0.5, 3.0, 11.0, 19.99, 20.0, -20.0, 25.0, 38.0, -60.0, 1000.0]
        ],
        "normalQuantile": [[p, float(stats.norm.ppf(p))] for p in [1e-10, 0.025, 0.5, 0.999]],
        "chiSquaredTail": [[x, d, float(stats.chi2.sf(x, d))] for x, d in [(-1.0, 3), (0.0, 3), (0.4, 1), (4.2, 3), (90.0, 9)]],
        "betaCdf": [[x, a, b, float(stats.beta.cdf(x, a, b))] for x, a, b in [(0.05, 5, 196), (0.4, 2, 3), (0.97, 1, 0.5)]],
        "betaQuantile": [[p, a, b, float(stats.beta.ppf(p, a, b))] for p, a, b in [(0.0, 2, 3), (0.025, 3, 48), (0.5, 2, 3), (0.9, 0.5, 1), (1.0, 2, 3)]],
        "kolmogorovTail": [[x, float(special.kolmogorov(x))] for x in [-1.0, 0.0, 0.3, 1.0, 1.358, 3.0]],
        "logBinomial": [[k, n, p, float(stats.binom.logpmf(k, n, p))] for k, n, p in [(0, 10, 0.3), (7, 20, 0.5), (20, 20, 0.9), (1, 1, 0.2), (0, 5, 0.0), (5, 5, 1.0)]],
    }


def samples():
    return {
        "small": (rounded(rng.normal(size=7)), rounded(rng.normal(0.5, 1, size=9))),
        "tied": (rounded(rng.integers(0, 5, size=40)), rounded(rng.integers(1, 6, size=30))),
        "large": (rounded(rng.normal(size=300)), rounded(rng.normal(0.1, 1.2, size=500))),
        "unequal": (rounded(rng.normal(size=12)), rounded(rng.normal(0.4, 1, size=2000))),
    }


def two_samples(pairs):
    result = []
    for name, (x, y) in pairs.items():
        x, y = x.astype(float), y.astype(float)
        ks = stats.ks_2samp(x, y, method="exact")
        ties = len(np.unique(np.concatenate([x, y]))) < len(x) + len(y)
        method = "exact" if len(x) * len(y) <= 400 and not ties else "asymptotic"
        mw = stats.mannwhitneyu(x, y, method=method)
        n, m = len(x), len(y)
        pooled = np.sqrt(
            ((n - 1) * np.var(x, ddof=1) + (m - 1) * np.var(y, ddof=1)) / (n + m - 2)
        )
        g = (np.mean(y) - np.mean(x)) / pooled * (1 - 3 / (4 * (n + m) - 9))
        result.append(
            {
                "name": name,
                "first": x.tolist(),
                "second": y.tolist(),
                "kolmogorovSmirnov": [float(ks.statistic), float(ks.pvalue)],
                "mannWhitney": [float(max(mw.statistic, n * m - mw.statistic)), float(mw.pvalue)],
                "auc": float(1 - mw.statistic / (n * m)),
                "means": [float(np.mean(x)), float(np.mean(y))],
                "hedgesG": float(g),
            }
        )
    return result


def kolmogorov_smirnov_tails():
    def exact(n, m, shift):
        found = stats.ks_2samp(np.arange(n) / n, np.arange(m) / m + shift, method="exact")
        return [float(found.statistic), n, m, float(found.pvalue)]

    def limit(distance, n, m):
        root = np.sqrt(n * m / (n + m))
        return float(special.kolmogorov((root + 0.12 + 0.11 / root) * distance))

    shapes = [(100, 100, 0.125), (100, 100, 0.205), (50, 200, 0.1525), (3, 2, 0.1), (3, 2, 0.6)]
    return {
        "exact": [exact(*shape) for shape in shapes],
        "limit": [[d, n, m, limit(d, n, m)] for d, n, m in [(0.2, 100, 101), (0.05, 60, 400), (0.13, 5000, 300)]],
    }


def shift_distances():
    own = np.random.default_rng(7)
    cases = []
    for m, n, columns in [(5, 3, 1), (40, 12, 2), (9, 30, 3)]:
        reference = rounded(own.normal(size=(m, columns)))
        window = rounded(own.normal(1.5, 2, size=(n, columns)))
        # Ties within and between the samples.
        reference[1] = reference[0]
        window[2] = reference[1]
        distances = []
        for column in range(columns):
            x, y = reference[:, column].astype(float), window[:, column].astype(float)
            grid = np.sort(np.concatenate([x, y]))
            share = np.searchsorted(np.sort(x), grid[:-1], side="right") / m
            within = (np.sqrt(share * (1 - share)) * np.diff(grid)).sum()
            chance = np.sqrt(2 / np.pi * (1 / n + 1 / m)) * within
            distances.append(float(np.sqrt(max(0, stats.wasserstein_distance(x, y) ** 2 - chance**2)) / x.std()))
        cases.append(
            {
                "columnCount": columns,
                "reference": reference.reshape(-1).tolist(),
                "window": window.reshape(-1).tolist(),
                "distances": distances,
            }
        )
    return cases


def counts():
    tables = [([20, 30, 50], [10, 40, 40]), ([5, 0, 9, 0], [3, 2, 8, 0]), ([30, 70], [45, 55])]
    chi = []
    for a, b in tables:
        table = np.array([a, b])[:, np.array(a) + np.array(b) > 0]
        r = stats.chi2_contingency(table, correction=False)
        chi.append([a, b, float(r.statistic), float(r.pvalue)])
    binomial = [
        [k, n, p, float(stats.binomtest(k, n, p).pvalue)]
        for k, n, p in [(0, 10, 0.5), (7, 20, 0.5), (3, 50, 0.1), (140, 1000, 0.12), (10, 10, 0.9), (5, 10, 0.5)]
    ]
    intervals = []
    for k, n in [(0, 20), (3, 50), (50, 50), (105, 2000)]:
        r = stats.binomtest(k, n)
        w, c = r.proportion_ci(method="wilson"), r.proportion_ci(method="exact")
        intervals.append([k, n, [float(w.low), float(w.high)], [float(c.low), float(c.high)]])
    ranks = []
    for batches, rate, confidence in [(59, 0.05, 0.95), (100, 0.05, 0.95), (1000, 0.05, 0.95), (10000, 0.01, 0.95), (58, 0.05, 0.95), (100, 0.05, 0.5), (100, 0.05, 0.05), (7, 0.5, 0.3), (3, 0.9, 0.01), (1, 0.5, 0.5)]:
        ok = [r for r in range(1, batches + 1) if stats.beta.cdf(rate, r, batches + 1 - r) >= confidence]
        ranks.append([batches, rate, confidence, max(ok, default=0)])
    return {"chiSquared": chi, "binomial": binomial, "intervals": intervals, "thresholdRank": ranks}


def kernels():
    x, y = rounded(rng.normal(size=(12, 3))), rounded(rng.normal(0.3, 1, size=(15, 3)))
    z = np.concatenate([x, y]).astype(float)
    median = float(np.median(cdist(x, y)))

    def mmd(kernel):
        n, m = len(x), len(y)
        np.fill_diagonal(kernel, 0)
        return float(
            kernel[:n, :n].sum() / (n * (n - 1))
            + kernel[n:, n:].sum() / (m * (m - 1))
            - 2 * kernel[:n, n:].sum() / (n * m)
        )

    l1 = np.sort(cdist(x, y[:12], "cityblock").reshape(-1))
    low = (max(l1[int(np.floor(len(l1) * 0.05))], 0.1) if l1[0] < 0.1 else l1[0]) / 2
    high = max(l1[-1], 0.3) * 2
    return {
        "columnCount": 3,
        "first": x.reshape(-1).tolist(),
        "second": y.reshape(-1).tolist(),
        "gaussian": mmd(np.exp(-cdist(z, z, "sqeuclidean") / median)),
        "laplace": mmd(np.exp(-cdist(z, z, "cityblock") / 2.5)),
        "laplaceBandwidth": 2.5,
        "bandwidths": [float(low * (high / low) ** (i / 9)) for i in range(10)],
        "bandwidthRows": 12,
    }


def frechet():
    x, y = rounded(rng.normal(size=(60, 4))), rounded(rng.normal(0.5, 1.5, size=(50, 4)))
    a, b = np.cov(x.astype(float), rowvar=False), np.cov(y.astype(float), rowvar=False)
    difference = x.mean(0, dtype=float) - y.mean(0, dtype=float)
    trace = np.trace(a + b - 2 * np.real(linalg.sqrtm(a @ b)))
    return {
        "columnCount": 4,
        "first": x.reshape(-1).tolist(),
        "second": y.reshape(-1).tolist(),
        "distance": float(np.linalg.norm(difference) + trace),
    }


def label_shares():
    actual = rng.integers(0, 3, size=300)
    predicted = np.where(rng.uniform(size=300) < 0.85, actual, rng.integers(0, 3, size=300))
    joint = np.zeros((3, 3))
    for p, a in zip(predicted, actual):
        joint[p, a] += 1 / 300
    window = rng.choice(3, p=[0.1, 0.2, 0.7], size=400)
    seen = np.where(rng.uniform(size=400) < 0.85, window, rng.integers(0, 3, size=400))
    share = np.bincount(seen, minlength=3) / 400
    q = np.maximum(0, np.linalg.solve(joint, share)) * joint.sum(0)
    return {
        "predicted": predicted.tolist(),
        "actual": actual.tolist(),
        "window": seen.tolist(),
        "shares": (q / q.sum()).tolist(),
    }


def omnibus():
    """Observed statistics of the window test, written from the formulas."""
    m, n = 40, 12
    values = np.stack(
        [rng.normal(size=m + n), rng.integers(0, 3, size=m + n), np.where(np.arange(m + n) < m, 2.0, 3.0), rng.integers(0, 4, size=m + n)],
        axis=1,
    ).astype(np.float32)
    pooled = values.astype(float)
    in_window = np.arange(m + n) >= m

    def standardised(scores):
        centred = scores - scores.mean()
        variance = (centred**2).sum() * n * m / ((m + n) * (m + n - 1))
        return float(abs(centred[in_window].sum()) / np.sqrt(variance))

    statistics = []
    for column in range(3):
        u = (stats.rankdata(pooled[:, column]) - 0.5) / (m + n)
        scores = [u - 0.5, (u - 0.5) ** 2, -np.log(1 - u), -np.log(u)]
        statistics.append(
            {"rank": max(standardised(s) for s in scores), "raw": standardised(pooled[:, column])}
        )
    classes = pooled[:, 3]

    def deviance(labels):
        table = [[int(((labels == c) & side).sum()) for c in np.unique(labels)] for side in (in_window, ~in_window)]
        return float(stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic)

    roots = [np.sqrt(deviance(classes == c)) for c in range(4)]
    return {
        "columnCount": 4,
        "reference": values[:m].reshape(-1).tolist(),
        "window": values[m:].reshape(-1).tolist(),
        "statistics": statistics,
        "category": [float(max(roots)), deviance(classes)],
    }


def matrices():
    a = rng.normal(size=(6, 6))
    symmetric = a + a.T
    definite = a @ a.T + np.eye(6)
    values, vectors = np.linalg.eigh(symmetric)
    b = rng.normal(size=6)
    return {
        "size": 6,
        "general": a.reshape(-1).tolist(),
        "symmetric": symmetric.reshape(-1).tolist(),
        "eigenvalues": values[::-1].tolist(),
        "leading": vectors[:, -1].tolist(),
        "definite": definite.reshape(-1).tolist(),
        "cholesky": np.linalg.cholesky(definite).reshape(-1).tolist(),
        "product": (a @ symmetric).reshape(-1).tolist(),
        "right": b.tolist(),
        "solution": np.linalg.solve(a, b).tolist(),
    }


print(
    json.dumps(
        {
            "distributions": distributions(),
            "twoSamples": two_samples(samples()),
            "kolmogorovSmirnovTails": kolmogorov_smirnov_tails(),
            "shiftDistances": shift_distances(),
            "counts": counts(),
            "kernels": kernels(),
            "frechet": frechet(),
            "labelShares": label_shares(),
            "omnibus": omnibus(),
            "matrices": matrices(),
        },
        separators=(",", ":"),
    )
)
