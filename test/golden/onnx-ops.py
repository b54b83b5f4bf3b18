"""Values and derivatives of every op of the engine, computed with PyTorch and its autograd in double precision.

Writes onnx-ops.json: per case its inputs, the result, the cotangent, and the derivative by each input
(null where none flows). Run: python -P onnx-ops.py   (numpy, torch)
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

rng = np.random.default_rng(7)
cases = {}


def draw(*shape, low=-2.0, high=2.0):
    return torch.tensor(rng.uniform(low, high, shape).round(3), dtype=torch.float64)


def distinct(*shape):
    """No two values alike: PyTorch gives the whole derivative of a tie to one, the engine shares it out."""
    count = int(np.prod(shape))
    return torch.tensor((rng.permutation(count) / count * 4 - 2).round(3).reshape(shape), dtype=torch.float64)


def plain(tensor):
    values = tensor.detach().to(torch.float64).flatten().tolist()
    return {"shape": list(tensor.shape), "data": [float(f"{value:.7g}") for value in values]}


def case(name, function, *inputs, fixed=()):
    """fixed: positions of inputs nothing is differentiated by."""
    leaves = [x.clone().requires_grad_(i not in fixed) for i, x in enumerate(inputs)]
    result = function(*leaves)
    cotangent = draw(*result.shape)
    if result.requires_grad:
        (result * cotangent).sum().backward()
    cases[name] = {
        "inputs": [plain(x) for x in inputs],
        "result": plain(result),
        "cotangent": plain(cotangent),
        "derivatives": [None if x.grad is None else plain(x.grad) for x in leaves],
    }


for name, function in {
    "neg": torch.neg,
    "exp": torch.exp,
    "abs": torch.abs,
    "sign": torch.sign,
    "relu": torch.relu,
    "leaky relu": lambda x: F.leaky_relu(x, 0.2),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "flip": lambda x: torch.flip(x, [0, 2]),
    "sum over the middle": lambda x: x.sum(dim=1),
    "mean over two axes, kept": lambda x: x.mean(dim=(0, 2), keepdim=True),
    "mean of all": torch.mean,
    "largest of the last axis": lambda x: x.amax(dim=2),
    "reshape": lambda x: x.reshape(4, 6),
    "expand": lambda x: x.reshape(2, 3, 1, 4).expand(2, 3, 5, 4),
    "transpose": lambda x: x.permute(2, 0, 1),
    "pad": lambda x: F.pad(x, (2, 1, 0, 3)),
    "pad by less than nothing": lambda x: F.pad(x, (-1, 2, 1, -1)),
    "slice with steps": lambda x: x[:, 1:3, 0:4:3],
    "softmax": lambda x: torch.softmax(x, dim=2),
    "log softmax": lambda x: torch.log_softmax(x, dim=2),
}.items():
    case(name, function, draw(2, 3, 4))

case("softplus", F.softplus, torch.tensor([-60.0, -18.5, -3.0, -1e-3, 0.0, 0.7, 5.0, 19.0, 88.0]).double())
case("log", torch.log, draw(2, 5, low=0.1))
case("sqrt", torch.sqrt, draw(2, 5, low=0.1))

for name, function in {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "max": torch.maximum,
    "min": torch.minimum,
}.items():
    case(name, function, draw(2, 3, 4), draw(3, 1))
case("div", torch.div, draw(2, 1, 4), draw(3, 1, low=0.5))
case("where", lambda x, a, b: torch.where(x > 0.25, a, b), draw(3, 1), draw(2, 3, 4), draw(4), fixed=(0,))
ties = torch.tensor([0.0, 1.0, 2.0, 1.0]).double()
case("greater", lambda x, y: (x > y).double(), ties, ties.flip(0), fixed=(0, 1))
case("greater or equal", lambda x, y: (x >= y).double(), ties, ties.flip(0), fixed=(0, 1))
case("equal", lambda x, y: (x == y).double(), ties, ties.flip(0), fixed=(0, 1))

case("concat", lambda x, y, z: torch.cat([x, y, z], dim=1), draw(2, 1, 3), draw(2, 4, 3), draw(2, 2, 3))
case("upsample", lambda x: F.interpolate(x, scale_factor=3, mode="nearest"), draw(2, 2, 3, 2))


def depth_to_space(x):
    n, c, h, w = x.shape
    blocks = x.reshape(n, 2, 2, c // 4, h, w).permute(0, 3, 4, 1, 5, 2)
    return blocks.reshape(n, c // 4, 2 * h, 2 * w)


def space_to_depth(x):
    n, c, h, w = x.shape
    blocks = x.reshape(n, c, h // 2, 2, w // 2, 2).permute(0, 3, 5, 1, 2, 4)
    return blocks.reshape(n, 4 * c, h // 2, w // 2)


case("depth to space", depth_to_space, draw(1, 8, 2, 3))
case("space to depth", space_to_depth, draw(1, 2, 4, 6))
case("slice at", lambda x: x[2:5], draw(7), fixed=(0,))

case("matmul", torch.matmul, draw(3, 4), draw(4, 2))
case("matmul, left transposed", lambda a, b: a.mT @ b, draw(4, 3), draw(4, 2))
case("matmul, right transposed", lambda a, b: a @ b.mT, draw(3, 4), draw(2, 4))
case("matmul, both transposed", lambda a, b: a.mT @ b.mT, draw(4, 3), draw(2, 4))
case("matmul over broadcast batches", torch.matmul, draw(2, 1, 3, 4), draw(5, 4, 2))

# Up to 64 values under the kernel the derivative by it is taken from patches, beyond that from shifts.
for name, (image, weights, options) in {
    "conv": ((2, 2, 5, 4), (3, 2, 3, 3), {}),
    "conv, padded, odd sides": ((2, 1, 7, 5), (3, 1, 3, 3), {"padding": 1}),
    "conv, stride 2, odd sides": ((1, 2, 7, 6), (2, 2, 3, 3), {"stride": 2, "padding": 1}),
    "conv, stride 3, leftover pixels": ((1, 1, 9, 8), (2, 1, 2, 3), {"stride": 3}),
    "conv, wide kernel": ((2, 3, 4, 6), (2, 3, 1, 5), {"padding": 2}),
    "conv of 8 channels": ((2, 8, 4, 5), (9, 8, 3, 3), {"padding": 1}),
    "conv of 8 channels to 2": ((2, 8, 5, 4), (2, 8, 3, 3), {"padding": 1}),
    "conv of 8 channels, no padding": ((2, 8, 5, 4), (8, 8, 3, 3), {}),
    "conv of 8 channels, padded by 2": ((1, 8, 4, 3), (8, 8, 3, 3), {"padding": 2}),
    "conv of 8 channels, stride 2, odd sides": ((2, 8, 7, 5), (8, 8, 3, 3), {"stride": 2, "padding": 1}),
    "conv of 5 channels, stride 2, kernel 4": ((2, 5, 6, 6), (3, 5, 4, 4), {"stride": 2, "padding": 1}),
    "conv of 5 channels, stride 3, leftover": ((1, 5, 9, 10), (3, 5, 4, 4), {"stride": 3, "padding": 0}),
    "conv of 33 channels, stride 2, kernel 2 by 1": ((1, 33, 5, 4), (2, 33, 2, 1), {"stride": 2}),
}.items():
    case(
        name,
        lambda x, w, b, options=options: F.conv2d(x, w, b, **options),
        draw(*image),
        draw(*weights),
        draw(weights[0]),
    )
for name, (image, weights, options) in {
    "conv transpose": ((2, 3, 3, 4), (3, 2, 3, 3), {}),
    "conv transpose, stride 2, kernel 4": ((2, 3, 3, 2), (3, 1, 4, 4), {"stride": 2, "padding": 1}),
    "conv transpose, stride 2, kernel 3": ((1, 2, 3, 4), (2, 2, 3, 3), {"stride": 2, "padding": 1}),
    "conv transpose to 8 channels": ((2, 3, 3, 4), (3, 8, 4, 4), {"stride": 2, "padding": 1}),
    "conv transpose of 9 to 8 channels": ((1, 9, 4, 4), (9, 8, 3, 3), {"padding": 1}),
}.items():
    case(
        name,
        lambda x, w, b, options=options: F.conv_transpose2d(x, w, b, **options),
        draw(*image),
        draw(*weights),
        draw(weights[1]),
    )

case("max pool, leftover row and column", lambda x: F.max_pool2d(x, 2), distinct(2, 2, 5, 7))
case("max pool of 3", lambda x: F.max_pool2d(x, 3), distinct(1, 2, 6, 6))
case("average pool, leftover row", lambda x: F.avg_pool2d(x, 2), draw(2, 2, 5, 4))

theta = draw(2, 2, 3, low=-1.2, high=1.2)
case("affine grid", lambda t: F.affine_grid(t, [2, 1, 3, 4], align_corners=False), theta, fixed=(0,))
grid = F.affine_grid(theta, [2, 2, 3, 4], align_corners=False)
for outside in ["zeros", "border"]:
    case(
        f"grid sample, {outside} outside",
        lambda x, g, outside=outside: F.grid_sample(x, g, "bilinear", outside, align_corners=False),
        draw(2, 2, 5, 4),
        grid,
        fixed=(0, 1),
    )

target = pathlib.Path(__file__).with_suffix(".json")
lines = (f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in cases.items())
target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
