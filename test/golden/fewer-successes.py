"""Reference values for src/statistics/fewer-successes.ts from SciPy.

    python test/golden/fewer-successes.py > test/golden/fewer-successes.json
"""

import json

from scipy import stats

chances = [
    [k, n, p, float(stats.binomtest(k, n, p, alternative="less").pvalue)]
    for k, n, p in [(0, 10, 0.5), (7, 20, 0.5), (150, 200, 0.9), (179, 200, 0.9), (0, 1, 0.3), (10, 10, 0.9), (900, 1000, 0.99)]
]
others = [
    [k, n, m, t, float(stats.fisher_exact([[k, n - k], [m, t - m]], alternative="less").pvalue)]
    for k, n, m, t in [(150, 200, 450, 500), (0, 10, 10, 10), (180, 200, 450, 500), (200, 200, 450, 500), (9, 10, 1, 10), (700, 1000, 900, 1000), (0, 5, 0, 5), (3, 4, 1, 2)]
]
print(json.dumps({"chances": chances, "others": others}))
