"""Principal components of block-averaged images by NumPy's SVD.

Writes principal-components.json. Run: python principal-components.py   (numpy)
"""

import json
import pathlib

import numpy as np

rng = np.random.default_rng(5)
count, channels, height, width = 30, 2, 20, 9
yy, xx = np.mgrid[:height, :width]
images = np.stack(
    [
        np.stack([np.exp(-(((xx - x) / 3) ** 2) - ((yy - y) / 5) ** 2) * tint for tint in rng.uniform(0.3, 1, channels)])
        for x, y in zip(rng.uniform(0, width, count), rng.uniform(0, height, count))
    ]
)
levels = np.round(images * 255).astype(int)
pixels = (levels / 255).astype(np.float32).astype(float)


def averaged(v, side):
    down, across = -(-height // side), -(-width // side)
    return np.stack(
        [
            [[plane[y : y + down, x : x + across].mean() for x in range(0, width, across)] for y in range(0, height, down)]
            for plane in v
        ]
    ).ravel()


def project(side, components):
    rows = np.stack([averaged(image, side) for image in pixels])
    centred = rows - rows.mean(0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    directions = directions[:components]
    peaks = directions[np.arange(components), np.abs(directions).argmax(1)]
    return (centred @ (directions * np.sign(peaks)[:, None]).T).ravel().tolist()


path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(
    json.dumps(
        {
            "shape": [count, channels, height, width],
            "levels": levels.ravel().tolist(),
            "components": 6,
            "maxSide16": project(16, 6),
            "maxSide4": project(4, 6),
        },
        separators=(",", ":"),
    )
    + "\n"
)
