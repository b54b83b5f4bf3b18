"""alibi-detect's online detectors as a worker: MMDDriftOnline, LSDDDriftOnline (PyTorch) and CVMDriftOnline.

Reference, bandwidth, split and thresholds are the detector's own. Its statistic is computed for all rows of a stream at
once, since `predict` takes milliseconds a row; when a detector is opened, both are compared on some rows.
Rows are base64 of little-endian float32, row by row.
"""

import base64
import logging
import warnings

import line_protocol  # before alibi-detect, whose imports print to stdout
import numba
import numpy as np
import torch

import alibi_detect
from alibi_detect.cd import CVMDriftOnline, LSDDDriftOnline, MMDDriftOnline
from alibi_detect.cd.cvm_online import _normalise_stats

# Of the detectors' own numbers, which are single-precision.
TOLERANCE = 2e-3


class MaximumMeanDiscrepancy:
    def __init__(self, reference, ert, windows, bootstraps):
        (self.window,) = windows
        self.detector = MMDDriftOnline(
            reference, ert, self.window, backend="pytorch", n_bootstraps=bootstraps, device="cpu", verbose=False
        )
        self.own = self.detector._detector
        self.sigma = float(self.own.kernel.sigma)

    def statistics(self, rows):
        own, size = self.own, self.window
        # A fresh detector's window is full of reference rows that it set apart.
        rows = np.concatenate([own.x_ref[own.init_test_inds].numpy(), rows])
        to_reference = own.kernel(own.x_ref[own.ref_inds], torch.from_numpy(rows)).mean(0).numpy()
        within = np.zeros(len(rows) - size + 1)
        for lag in range(1, size):
            squares = ((rows[lag:] - rows[:-lag]) ** 2).sum(1, dtype=np.float64)
            within += sliding_sums(np.exp(-squares / (2 * self.sigma**2)), size - lag)
        found = float(own.k_xx_sub_sum) + 2 * within / (size * (size - 1)) - 2 * sliding_sums(to_reference, size) / size
        return found[1:]

    def thresholds(self, count):
        return np.array([float(self.own.get_threshold(t)) for t in range(1, count + 1)])

    def predict(self, row):
        return self.detector.predict(row)["data"]["test_stat"]


class LeastSquaresDensityDifference:
    def __init__(self, reference, ert, windows, bootstraps):
        (self.window,) = windows
        self.detector = LSDDDriftOnline(
            reference, ert, self.window, backend="pytorch", n_bootstraps=bootstraps, device="cpu", verbose=False
        )
        self.own = self.detector._detector

    def statistics(self, rows):
        own = self.own
        rows = torch.cat([own.x_ref_eff[own.init_test_inds], own._normalize(torch.from_numpy(rows))])
        to_centres = own.kernel(rows, own.kernel_centers).numpy()
        differences = own.c2s.numpy() - sliding_sums(to_centres, self.window) / self.window
        return np.einsum("ti,ij,tj->t", differences, own.H_lam_inv.numpy(), differences, optimize=True)[1:]

    def thresholds(self, count):
        return np.array([float(self.own.get_threshold(t)) for t in range(1, count + 1)])

    def predict(self, row):
        return self.detector.predict(row)["data"]["test_stat"]


class CramerVonMises:
    """Every column with every window; of these the largest statistic."""

    def __init__(self, reference, ert, windows, bootstraps):
        self.windows = windows
        # Of the columns together it wants quantiles that its simulations have to reach, and takes them for independent.
        self.asked = min(ert, bootstraps // (2 * reference.shape[1]))
        self.detector = CVMDriftOnline(reference, self.asked, windows, n_bootstraps=bootstraps, verbose=False)
        self.sorted = np.sort(reference, axis=0)

    def statistics(self, rows):
        found = np.full(len(rows), np.nan)
        for size in self.windows:
            raw = largest_cramer_von_mises(self.sorted, rows, size)
            found[size - 1 :] = np.fmax(found[size - 1 :], _normalise_stats(raw[size - 1 :], len(self.sorted), size))
        return found

    def thresholds(self, count):
        return np.array([float(self.detector.get_threshold(t)[0]) for t in range(count)])

    def predict(self, row):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(np.nanmax(self.detector.predict(row)["data"]["test_stat"]))


def sliding_sums(values, size):
    sums = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0, dtype=np.float64)])
    return sums[size:] - sums[:-size]


@numba.njit(cache=True)
def largest_cramer_von_mises(reference, rows, size):
    """Largest over the columns: squared differences of the distribution functions, summed over reference and window."""
    n, columns = reference.shape
    largest = np.full(len(rows), -np.inf)
    for column in range(columns):
        ordered = np.ascontiguousarray(reference[:, column])
        values = np.ascontiguousarray(rows[:, column])
        share = np.searchsorted(ordered, ordered, side="right") / n
        tail = np.zeros(n + 1)
        for i in range(n - 1, -1, -1):
            tail[i] = tail[i + 1] + share[i]
        squares = np.sum(share * share)
        before = np.searchsorted(ordered, values, side="left")
        at_most = np.searchsorted(ordered, values, side="right") / n
        ranks = np.zeros(len(values))
        tails, pairs = 0.0, 0.0
        for t in range(len(values)):
            left = t - size
            first = max(0, left)
            if left >= 0:
                tails -= tail[before[left]]
                pairs -= n - before[left]
                for j in range(left + 1, t):
                    pairs -= 2 * (n - max(before[left], before[j]))
                    if values[left] <= values[j]:
                        ranks[j] -= 1
                first = left + 1
            tails += tail[before[t]]
            pairs += n - before[t]
            ranks[t] = 1
            for j in range(first, t):
                pairs += 2 * (n - max(before[t], before[j]))
                if values[t] <= values[j]:
                    ranks[j] += 1
                if values[j] <= values[t]:
                    ranks[t] += 1
            if t + 1 < size:
                continue
            total = squares - 2 * tails / size + pairs / size**2
            for j in range(first, t + 1):
                total += (at_most[j] - ranks[j] / size) ** 2
            largest[t] = max(largest[t], total)
    return largest


DETECTORS = {"mmd": MaximumMeanDiscrepancy, "lsdd": LeastSquaresDensityDifference, "cvm": CramerVonMises}
opened = {}


def decode(text, columns):
    return np.frombuffer(base64.b64decode(text), dtype="<f4").reshape(-1, columns).copy()


def open_detector(method, rows, columns, windows, falseAlarmEvery, bootstraps, seed):
    """Configures a detector, and compares what is computed for many rows at once with what it says row by row."""
    torch.manual_seed(seed)
    np.random.seed(seed % 2**32)
    reference = decode(rows, columns)
    detector = DETECTORS[method](reference, falseAlarmEvery, windows, bootstraps)
    some = reference[: 2 * max(windows)]
    at_once = detector.statistics(some)
    one_by_one = np.array([detector.predict(row) for row in some])
    known = ~np.isnan(one_by_one)
    scale = np.abs(one_by_one[known]).max()
    difference = float(np.abs(at_once[known] - one_by_one[known]).max() / scale)
    if not difference < TOLERANCE:
        raise AssertionError(f"{method}: at once {at_once[known][:5]}, one by one {one_by_one[known][:5]}")
    opened.update(detector=detector, columns=columns)
    return {"difference": difference, "askedFor": getattr(detector, "asked", falseAlarmEvery)}


def strengths(rows, alarmAt, start):
    """Statistic ÷ threshold after each row; starts anew after an alarm, and ends with the first one from `start` on."""
    detector, left = opened["detector"], decode(rows, opened["columns"])
    parts, taken = [], 0
    while len(left) > 0:
        found = detector.statistics(left) / detector.thresholds(len(left))
        found = np.nan_to_num(found, nan=0.0)
        alarms = np.flatnonzero(found >= alarmAt) if alarmAt is not None else []
        count = len(left) if len(alarms) == 0 else alarms[0] + 1
        parts.append(found[:count])
        taken += count
        if len(alarms) > 0 and taken > start:
            break
        left = left[count:]
    return {"strengths": np.concatenate(parts).round(6).tolist()}


def main():
    # The matrices are small, and threads that wait for a busy core cost more than they bring.
    torch.set_num_threads(1)
    numba.set_num_threads(1)
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    line_protocol.serve(
        {"name": "alibi-detect", "version": f"{alibi_detect.__version__} on PyTorch {torch.__version__}"},
        {"open": open_detector, "strengths": strengths},
    )


if __name__ == "__main__":
    main()
