"""The nearest mixture by fully corrective Frank–Wolfe, its inner problem by SciPy's non-negative least squares.

    python test/golden/nearest-mixture.py > test/golden/nearest-mixture.json
"""

import json

import numpy as np
from scipy.optimize import minimize, nnls

MOST_ACTIVE, ADDED_AT_ONCE, ROUNDS, WORTHWHILE = 60, 4, 40, 1e-3


def park_miller(seed):
    """The minimal standard generator: in (0, 1)."""
    state = seed
    while True:
        state = state * 16807 % 2147483647
        yield state / 2147483647


def least_on_simplex(points):
    """The shares of the point nearest to 0 in their hull: without their sum being 1 it is non-negative least squares."""
    size = np.sqrt((points**2).sum(axis=1).mean()) or 1.0
    system = np.vstack([points.T, np.full((1, len(points)), size)])
    shares, _ = nnls(system, np.append(np.zeros(points.shape[1]), size))
    return shares / shares.sum()


def nearest(means, target, importance):
    gaps = (means - target) * np.sqrt(importance)
    active, shares = [int(np.argmin((gaps**2).sum(axis=1)))], np.ones(1)
    rounds = 0
    for _ in range(ROUNDS):
        mixed = shares @ gaps[active]
        slopes = gaps @ mixed
        below = (mixed**2).sum() * (1 - WORTHWHILE)
        added = [int(k) for k in np.argsort(slopes, kind="stable") if slopes[k] < below and k not in active][:ADDED_AT_ONCE]
        if not added:
            break
        rounds += 1
        active = ([k for k, share in zip(active, shares) if share > 0] + added)[-MOST_ACTIVE:]
        shares = least_on_simplex(gaps[active])
    everything = np.zeros(len(means))
    everything[active] = shares
    return everything, rounds


def least_squares(means, target, importance):
    """The same optimum by a general optimiser."""
    gaps = (means - target) * np.sqrt(importance)
    found = minimize(
        lambda shares: ((shares @ gaps) ** 2).sum(),
        np.full(len(means), 1 / len(means)),
        jac=lambda shares: 2 * gaps @ (shares @ gaps),
        method="SLSQP",
        bounds=[(0, 1)] * len(means),
        constraints={"type": "eq", "fun": lambda shares: shares.sum() - 1},
        options={"ftol": 1e-14, "maxiter": 2000},
    )
    return float(found.fun)


def case(components, scores, seed, *, mixed=0, blunt=1.0):
    """`mixed` components make the target; the others' means are all less apart by `blunt`."""
    uniform = park_miller(seed)
    means = np.array([next(uniform) for _ in range(components * scores)]).reshape(components, scores)
    means[mixed:] *= blunt
    target = np.array([next(uniform) for _ in range(scores)])
    if mixed > 0:
        target = means[:mixed].mean(axis=0)
    importance = np.array([next(uniform) for _ in range(scores)])
    shares, rounds = nearest(means, target, importance)
    gaps = (means - target) * np.sqrt(importance)
    return {
        "components": components,
        "scores": scores,
        "seed": seed,
        "mixed": mixed,
        "blunt": blunt,
        "rounds": rounds,
        "active": int((shares > 0).sum()),
        "distance": float(((shares @ gaps) ** 2).sum()),
        "least": least_squares(means, target, importance),
        "shares": np.round(shares, 12).tolist(),
    }


cases = [
    case(1, 3, 1),
    case(2, 2, 2),
    case(6, 10, 3),
    case(12, 8, 4),
    case(25, 40, 5),
    case(40, 60, 6, mixed=15),
    case(90, 120, 7, mixed=80),
    case(30, 20, 8, mixed=3, blunt=0.5),
]
print(json.dumps(cases, separators=(",", ":")))
