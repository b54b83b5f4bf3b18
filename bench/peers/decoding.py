"""Reads a folder of pictures in Python, from files to float32 N×C×H×W in [0, 1], of one side or reduced to it.

Libraries: pillow, opencv, turbojpeg (with OpenCV's resize). Ways: loader (torch's DataLoader with a process a core) and
threads (a pool of as many threads in this process).
"""

import argparse
import pathlib
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import torch
import turbojpeg
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from line_protocol import serve

cv2.setNumThreads(1)
BATCH = 256
_turbo = None


def reduced(pixels, side):
    return pixels if pixels.shape[:2] == (side, side) else cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)


def by_pillow(path, side):
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    return np.asarray(picture if picture.size == (side, side) else picture.resize((side, side), Image.BILINEAR))


def by_opencv(path, side):
    return cv2.cvtColor(reduced(cv2.imread(path, cv2.IMREAD_COLOR), side), cv2.COLOR_BGR2RGB)


def by_turbojpeg(path, side):
    global _turbo
    _turbo = _turbo or turbojpeg.TurboJPEG()
    with open(path, "rb") as file:
        return reduced(_turbo.decode(file.read(), pixel_format=turbojpeg.TJPF_RGB), side)


READERS = {"pillow": by_pillow, "opencv": by_opencv, "turbojpeg": by_turbojpeg}


class Pictures(Dataset):
    def __init__(self, paths, read, side):
        self.paths, self.read, self.side = paths, read, side

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return torch.from_numpy(self.read(self.paths[index], self.side))


def to_batch(pixels):
    return pixels.permute(0, 3, 1, 2).contiguous().float().div_(255)


def stack_batch(pictures):
    return to_batch(torch.stack(pictures))


def batches_of(options, paths):
    read = READERS[options.library]
    if options.way == "loader":
        data = Pictures(paths, read, options.side)
        return DataLoader(data, BATCH, num_workers=options.threads, persistent_workers=True, collate_fn=stack_batch)
    pool = ThreadPoolExecutor(options.threads)

    class Threads:
        def __iter__(self):
            for start in range(0, len(paths), BATCH):
                part = paths[start : start + BATCH]
                yield to_batch(torch.from_numpy(np.stack(list(pool.map(lambda path: read(path, options.side), part)))))

    return Threads()


parser = argparse.ArgumentParser()
parser.add_argument("--folder", required=True)
parser.add_argument("--side", type=int, required=True)
parser.add_argument("--library", choices=list(READERS), required=True)
parser.add_argument("--way", choices=["loader", "threads"], required=True)
parser.add_argument("--threads", type=int, required=True)
options = parser.parse_args()
torch.set_num_threads(1)
paths = sorted(str(path) for path in pathlib.Path(options.folder).rglob("*") if path.is_file())
batches = batches_of(options, paths)


def run(steps):
    """A step is one pass through the folder."""
    start = time.perf_counter()
    images = sum(len(batch) for _ in range(steps) for batch in batches)
    return {"seconds": time.perf_counter() - start, "images": images}


run(1)
serve({"name": f"{options.library} {options.way}", "version": f"torch {torch.__version__}"}, {"run": run})
