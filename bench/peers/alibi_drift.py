"""alibi-detect's two-sample detectors as a worker: KSDrift and MMDDrift (PyTorch) on the samples it is sent.

A sample is base64 of little-endian float32, row by row; both samples of a request have as many columns.
"""

import base64
import logging
import warnings

import line_protocol  # before alibi-detect, whose imports print to stdout
import numpy as np
import scipy
import torch

import alibi_detect
from alibi_detect.cd import KSDrift, MMDDrift
from scipy.stats import ks_2samp

LEVEL = 0.05


def rows(text, columns):
    return np.frombuffer(base64.b64decode(text), dtype="<f4").reshape(-1, columns).copy()


def kolmogorov_smirnov(reference, window, columns):
    """Of every column; beside alibi-detect's p-values those of the exact distribution, from SciPy."""
    reference, window = rows(reference, columns), rows(window, columns)
    detector = KSDrift(reference, p_val=LEVEL, correction="bonferroni")
    data = detector.predict(window, drift_type="batch")["data"]
    exact = [ks_2samp(reference[:, k], window[:, k], method="exact").pvalue for k in range(columns)]
    return {
        "distances": np.atleast_1d(data["distance"]).tolist(),
        "pValues": np.atleast_1d(data["p_val"]).tolist(),
        "exactPValues": [float(value) for value in exact],
        "drifted": bool(data["is_drift"]),
    }


def maximum_mean_discrepancy(reference, window, columns, permutations, seed, bandwidth=None):
    """With the kernel exp(-distance^2 / bandwidth); without a bandwidth the detector chooses its own."""
    torch.manual_seed(seed)
    detector = MMDDrift(
        rows(reference, columns),
        backend="pytorch",
        device="cpu",
        p_val=LEVEL,
        n_permutations=permutations,
        # Its kernel is exp(-distance^2 / (2 sigma^2)).
        sigma=None if bandwidth is None else np.array([(bandwidth / 2) ** 0.5], dtype=np.float32),
    )
    data = detector.predict(rows(window, columns))["data"]
    return {
        "bandwidth": 2 * float(detector._detector.kernel.sigma) ** 2,
        "statistic": float(data["distance"]),
        "threshold": float(data["distance_threshold"]),
        "pValue": float(data["p_val"]),
        "drifted": bool(data["is_drift"]),
    }


def main():
    # The matrices are small, and threads that wait for a busy core cost more than they bring.
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    versions = f"{alibi_detect.__version__} on PyTorch {torch.__version__}, SciPy {scipy.__version__}"
    line_protocol.serve(
        {"name": "alibi-detect", "version": versions},
        {"kolmogorov-smirnov": kolmogorov_smirnov, "maximum-mean-discrepancy": maximum_mean_discrepancy},
    )


if __name__ == "__main__":
    main()
