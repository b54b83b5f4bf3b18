"""Small JPEGs of every sampling, coding and size, and the pixels that Pillow finds in them.

Writes jpegs.tar.gz (the files) and jpegs.json (per file the SHA-256 of Pillow's pixels).
Run: python -P jpegs.py   (numpy, Pillow; cjpeg of libjpeg-turbo on the path)
"""

import gzip
import hashlib
import io
import json
import pathlib
import subprocess
import tarfile

import numpy as np
from PIL import Image

rng = np.random.default_rng(8)
here = pathlib.Path(__file__).parent
# Sampling factors of the first component, or of all three; cjpeg takes 1x1 for what is left out.
SAMPLINGS = ["1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4", "3x1", "1x3", "2x2,2x1,2x1", "2x2,1x2,1x2", "1x1,2x2,1x1"]
KINDS = [*SAMPLINGS, "grey", "rgb"]
CODINGS = {
    "baseline": [],
    "optimised": ["-optimize"],
    "progressive": ["-progressive"],
    "restarts": ["-restart", "2B"],
    "progressive-restarts": ["-progressive", "-restart", "1"],
}
PER_KIND = 7
LARGEST = 44


def picture(height, width, channels):
    rows, columns = np.mgrid[0:height, 0:width]
    planes = [
        128
        + 80 * np.sin(columns / rng.uniform(2, 9) + rng.uniform(0, 6)) * np.cos(rows / rng.uniform(2, 9))
        + rng.normal(0, 12, (height, width))
        for _ in range(channels)
    ]
    return np.stack(planes, -1).clip(0, 255).round().astype(np.uint8)


def encode(kind, coding):
    height, width = (int(side) for side in rng.integers(1, LARGEST, 2))
    channels = 1 if kind == "grey" else 3
    header = f"P{5 if channels == 1 else 6}\n{width} {height}\n255\n".encode()
    options = [] if kind == "grey" else ["-rgb"] if kind == "rgb" else ["-sample", kind]
    quality = str(int(rng.integers(5, 101)))
    command = ["cjpeg", "-quality", quality, *options, *CODINGS[coding]]
    return subprocess.run(command, input=header + picture(height, width, channels).tobytes(), capture_output=True, check=True).stdout


digests = {}
with gzip.GzipFile(here / "jpegs.tar.gz", "wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
    for kind in KINDS:
        for coding in CODINGS:
            for _ in range(PER_KIND):
                name = f"{len(digests):03}-{kind.replace(',', '-')}-{coding}.jpg"
                content = encode(kind, coding)
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
                pixels = np.asarray(Image.open(io.BytesIO(content)))
                digests[name] = hashlib.sha256(pixels.tobytes()).hexdigest()
(here / "jpegs.json").write_text(json.dumps(digests, indent=0) + "\n")
