"""Hit/miss curves by Firth's penalised likelihood, maximised by SciPy, with the Fisher information of its maximum.

    python test/golden/detection-curve.py > test/golden/detection-curve.json
"""

import json

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logit
from scipy.stats import norm

CASES = {
    "both sides": [(1, 20, 2), (2, 20, 7), (4, 60, 49), (8, 20, 19)],
    "complete separation": [(0.5, 20, 0), (1, 20, 0), (2, 20, 20), (4, 20, 20)],
    "far from one": [(200, 30, 4), (300, 30, 9), (450, 30, 21), (675, 30, 29)],
    "two strengths": [(0.1, 10, 3), (0.3, 10, 8)],
    "unequal runs": [(1, 5, 1), (3, 50, 20), (9, 500, 470), (27, 10, 10)],
}


def information(theta, x, runs):
    chance = expit(theta[0] + theta[1] * x)
    weight = runs * chance * (1 - chance)
    return np.array([[weight.sum(), (weight * x).sum()], [(weight * x).sum(), (weight * x * x).sum()]])


def fit(trials):
    strength, runs, found = (np.array(column, float) for column in zip(*trials))
    x = np.log(strength)

    def loss(theta):
        line = theta[0] + theta[1] * x
        likelihood = (found * log_expit(line) + (runs - found) * log_expit(-line)).sum()
        return -likelihood - np.linalg.slogdet(information(theta, x, runs))[1] / 2

    best = min(
        (minimize(loss, start, method="Nelder-Mead", options=dict(xatol=1e-11, fatol=1e-13, maxiter=20000))
         for start in ([0, 0.1], [-1, 1], [-10, 2])),
        key=lambda one: one.fun,
    )
    theta = best.x
    covariance = np.linalg.inv(information(theta, x, runs))
    where = (logit(0.9) - theta[0]) / theta[1]
    gradient = np.array([-1 / theta[1], -where / theta[1]])
    error = np.sqrt(gradient @ covariance @ gradient)
    ends = np.exp(where + norm.ppf([0.025, 0.975]) * error)
    return dict(
        intercept=theta[0], slope=theta[1], strength=float(np.exp(where)), **{"from": ends[0], "to": ends[1]}
    )


rows = [
    dict(name=name, trials=[dict(strength=s, runs=n, found=k) for s, n, k in trials], **fit(trials))
    for name, trials in CASES.items()
]
print(json.dumps(rows, indent=1))
