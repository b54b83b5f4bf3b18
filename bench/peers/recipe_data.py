"""Arrays for the workers: random images for speed, or the recipe's images from raw float32 files."""

import json
import os

import numpy as np

HEIGHT, WIDTH = 28, 28


def random_images(count, seed):
    return np.random.default_rng(seed).random((count, HEIGHT * WIDTH), dtype=np.float32)


def noisy(images, seed, factor=0.5):
    """The recipe's corruption: standard normal noise times the factor, clipped to [0, 1]."""
    noise = np.random.default_rng(seed).standard_normal(images.shape, dtype=np.float32)
    return np.clip(images + factor * noise, 0, 1, dtype=np.float32)


def read_images(folder, name):
    """Images the harness wrote: <name>.json with the shape, <name>.f32 with the values."""
    with open(os.path.join(folder, f"{name}.json"), encoding="utf-8") as header:
        count = json.load(header)["shape"][0]
    values = np.fromfile(os.path.join(folder, f"{name}.f32"), dtype="<f4")
    return values.reshape(count, HEIGHT * WIDTH)
