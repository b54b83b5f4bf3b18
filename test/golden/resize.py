"""Pictures made smaller and larger by Pillow's bilinear filter (antialiased).

Writes resize.json: grey and colour pictures, per size what the filter makes of them, and how far other filters are
from that (root mean square, in grey levels): a tolerance beyond it would let them pass.
Run: python -P resize.py   (numpy, Pillow)
"""

import json
import pathlib

import numpy as np
from PIL import Image

rng = np.random.default_rng(0)
FILTERS = {"bilinear": Image.BILINEAR, "nearest": Image.NEAREST, "box": Image.BOX, "bicubic": Image.BICUBIC}
# Height and width: smaller, much smaller, one axis only, larger, both at once.
SIZES = [(15, 20), (6, 8), (30, 17), (13, 41), (45, 70), (60, 82), (77, 12), (30, 90)]
rows, columns = np.mgrid[0:30, 0:41]


def plane():
    waves = 128 + 80 * np.sin(columns / 5 + rng.uniform(0, 6)) * np.cos(rows / 6 + rng.uniform(0, 6))
    return waves + rng.normal(0, 20, rows.shape)


def picture(channels):
    return np.stack([plane() for _ in range(channels)], -1).clip(0, 255).round().astype(np.uint8)


def resized(pixels, size, kind):
    planes = [
        np.asarray(Image.fromarray(pixels[..., channel]).resize(size[::-1], FILTERS[kind]))
        for channel in range(pixels.shape[-1])
    ]
    return np.stack(planes, -1)


def distance(pixels, size, kind):
    difference = resized(pixels, size, kind).astype(float) - resized(pixels, size, "bilinear")
    return round(float(np.sqrt((difference**2).mean())), 3)


def middle(pixels, size):
    """The picture in the middle of another size, cropped or with black margins."""
    out = np.zeros((*size, pixels.shape[-1]), np.uint8)
    offsets = [(to - of) // 2 for to, of in zip(size, pixels.shape)]
    into = tuple(slice(max(0, o), max(0, o) + min(of, to)) for o, of, to in zip(offsets, pixels.shape, size))
    out_of = tuple(slice(max(0, -o), max(0, -o) + min(of, to)) for o, of, to in zip(offsets, pixels.shape, size))
    out[into] = pixels[out_of]
    return out


def fitted(pixels, size, choose):
    factor = choose(to / of for to, of in zip(size, pixels.shape))
    scaled = tuple(int(np.floor(of * factor + 0.5)) for of in pixels.shape[:2])
    return middle(resized(pixels, scaled, "bilinear"), size)


cases = {}
for name, channels in {"grey": 1, "colour": 3}.items():
    pixels = picture(channels)
    cases[name] = {
        "shape": [*pixels.shape],
        "data": pixels.ravel().tolist(),
        "stretched": [
            {
                "size": size,
                "bilinear": resized(pixels, size, "bilinear").ravel().tolist(),
                "distances": {kind: distance(pixels, size, kind) for kind in FILTERS if kind != "bilinear"},
            }
            for size in SIZES
        ],
        "fitted": [
            {
                "size": size,
                "cover": fitted(pixels, size, max).ravel().tolist(),
                "contain": fitted(pixels, size, min).ravel().tolist(),
            }
            for size in [(50, 60), (61, 61), (90, 42)]
        ],
    }

target = pathlib.Path(__file__).with_suffix(".json")
lines = (f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
