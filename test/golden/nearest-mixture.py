"""The nearest mixture by fully corrective Frank–Wolfe and accelerated projected gradient, step by step with NumPy.

    python test/golden/nearest-mixture.py > test/golden/nearest-mixture.json
"""

import json

import numpy as np
from scipy.optimize import minimize

MOST_ACTIVE, ADDED_AT_ONCE, ROUNDS, WORTHWHILE = 60, 4, 40, 1e-3
STEPS, SETTLED = 400, 1e-7


def park_miller(seed):
    """The minimal standard generator: in (0, 1)."""
    state = seed
    while True:
        state = state * 16807 % 2147483647
        yield state / 2147483647


def project(point):
    """The nearest point of the simplex (Held, Wolfe and Crowder 1974)."""
    descending = np.sort(point)[::-1]
    excess = (np.cumsum(descending) - 1) / np.arange(1, len(point) + 1)
    return np.maximum(0, point - excess[np.nonzero(descending > excess)[0][-1]])


def least_on_simplex(gram):
    """FISTA (Beck and Teboulle 2009, algorithm with constant step), from equal shares."""
    count = len(gram)
    shares = np.full(count, 1 / count)
    vector = np.full(count, 1 / np.sqrt(count))
    for _ in range(20):
        vector = gram @ vector
        largest = np.linalg.norm(vector)
        if largest == 0:
            return shares
        vector = vector / largest
    step, ahead, t = 1 / (1.1 * largest), shares, 1.0
    for _ in range(STEPS):
        following = project(ahead - step * gram @ ahead)
        t_next = (1 + np.sqrt(1 + 4 * t * t)) / 2
        moved = np.abs(following - shares).sum()
        ahead = following + (t - 1) / t_next * (following - shares)
        shares, t = following, t_next
        if moved < SETTLED:
            break
    return shares


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
        shares = least_on_simplex(gaps[active] @ gaps[active].T)
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
