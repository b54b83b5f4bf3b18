"""The recipe in PyTorch, as a benchmark worker: its training step and its scoring.

Modes: nchw, channels_last (both eager) and compile (channels-last through torch.compile).
"""

import argparse
import time

import numpy as np
import torch
import torch.nn.functional as F

from line_protocol import serve
from recipe_data import HEIGHT, WIDTH, noisy, random_images


class Recipe(torch.nn.Module):
    """The published 28x28 architecture; answers logits (the sigmoid is in the loss)."""

    def __init__(self):
        super().__init__()
        self.encode_1 = torch.nn.Conv2d(1, 32, 3, padding=1)
        self.encode_2 = torch.nn.Conv2d(32, 32, 3, padding=1)
        self.decode_1 = torch.nn.Conv2d(32, 32, 3, padding=1)
        self.decode_2 = torch.nn.Conv2d(32, 32, 3, padding=1)
        self.decode_3 = torch.nn.Conv2d(32, 1, 3, padding=1)

    def forward(self, x):
        # Pooling and ReLU commute; pooling first leaves ReLU a quarter of the work.
        x = F.relu(F.max_pool2d(self.encode_1(x), 2))
        x = F.relu(F.max_pool2d(self.encode_2(x), 2))
        x = F.interpolate(F.relu(self.decode_1(x)), scale_factor=2, mode="nearest")
        x = F.interpolate(F.relu(self.decode_2(x)), scale_factor=2, mode="nearest")
        return self.decode_3(x)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--task", choices=["training", "scoring"], required=True)
    parser.add_argument("--mode", choices=["nchw", "channels_last", "compile"], required=True)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--batches", type=int, default=16)
    parser.add_argument("--part", type=int, help="rows of a call when scoring; default the whole batch")
    parser.add_argument("--threads", type=int, required=True)
    return parser.parse_args()


def images_in_layout(options, seed):
    """Batches of the worker's layout, made before the clock starts."""
    layout = torch.contiguous_format if options.mode == "nchw" else torch.channels_last
    clean = random_images(options.batch * options.batches, seed)
    shape = (options.batches, options.batch, 1, HEIGHT, WIDTH)
    return [
        (
            torch.from_numpy(dirty).contiguous(memory_format=layout),
            torch.from_numpy(target).contiguous(memory_format=layout),
        )
        for dirty, target in zip(noisy(clean, seed + 1).reshape(shape), clean.reshape(shape))
    ]


def model_in_layout(options):
    torch.manual_seed(0)
    model = Recipe()
    return model if options.mode == "nchw" else model.to(memory_format=torch.channels_last)


def training(options):
    model = model_in_layout(options)
    batches = images_in_layout(options, 1)
    optimizer = torch.optim.Adadelta(model.parameters(), lr=1.0, rho=0.95, eps=1e-7)

    def loss_of(dirty, clean):
        return F.binary_cross_entropy_with_logits(model(dirty), clean)

    forward = torch.compile(loss_of) if options.mode == "compile" else loss_of

    def run(steps):
        start = time.perf_counter()
        for step in range(steps):
            optimizer.zero_grad(set_to_none=True)
            loss = forward(*batches[step % len(batches)])
            loss.backward()
            optimizer.step()
        value = loss.item()
        return {"seconds": time.perf_counter() - start, "images": steps * options.batch, "loss": value}

    return run


def scoring(options):
    model = model_in_layout(options).eval()
    batches = [clean.split(options.part or options.batch) for _, clean in images_in_layout(options, 1)]

    def score(images):
        logits = model(images)
        losses = F.binary_cross_entropy_with_logits(logits, images, reduction="none")
        return torch.sigmoid(logits), losses.mean(dim=(1, 2, 3))

    forward = torch.compile(score) if options.mode == "compile" else score

    @torch.inference_mode()
    def run(steps):
        total = 0.0
        start = time.perf_counter()
        for step in range(steps):
            for images in batches[step % len(batches)]:
                reconstruction, losses = forward(images)
                total += float(np.asarray(losses)[0]) + float(np.asarray(reconstruction).flat[0])
        return {"seconds": time.perf_counter() - start, "images": steps * options.batch, "loss": total}

    return run


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    run = {"training": training, "scoring": scoring}[options.task](options)
    run(3)
    serve({"name": f"PyTorch {options.mode}", "version": torch.__version__}, {"run": run})


if __name__ == "__main__":
    main()
