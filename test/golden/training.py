"""What a training is made of, computed with PyTorch in double precision (augmentation: SciPy and NumPy).

Writes training.json: optimizers (parameters after each step), schedules (the rate at each step), layers and losses
(result and derivatives), augmentations (images moved and lit by known amounts), and one whole training.
Run: python -P training.py   (numpy, scipy, torch; -P, since statistics.py beside it is not the one PyTorch imports)
"""

import json
import pathlib
import warnings

import numpy as np
import torch
import torch.nn.functional as F
from scipy.ndimage import map_coordinates
from torch import nn, optim
from torch.optim import lr_scheduler

warnings.filterwarnings("ignore", message=".*lr_scheduler.step.*")
rng = np.random.default_rng(11)


def draw(*shape, low=-2.0, high=2.0):
    return torch.tensor(rng.uniform(low, high, shape).round(3), dtype=torch.float64)


def short(values):
    return [float(f"{value:.8g}") for value in np.asarray(values, dtype=np.float64).ravel()]


def plain(tensor):
    return {"shape": list(tensor.shape), "data": short(tensor.detach().numpy())}


# Optimizers: gradients of very different sizes, one of them zero, and a rate that changes from step to step.
SIZES = np.array([1e-4, 0.01, 1.0, 30.0, 0.0])
RATES = [0.1, 0.05, 0.2, 0.1, 0.01, 0.1]


def optimizer_case(make, clip=None):
    parameters = draw(5)
    gradients = [torch.tensor((rng.uniform(-1, 1, 5) * SIZES).round(6)) for _ in RATES]
    values = parameters.clone().requires_grad_()
    optimizer = make([values])
    after = []
    for rate, gradient in zip(RATES, gradients):
        values.grad = gradient.clone()
        if clip is not None:
            nn.utils.clip_grad_norm_([values], clip)
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
        after.append(short(values.detach()))
    return {
        "parameters": short(parameters),
        "gradients": [short(gradient) for gradient in gradients],
        "rates": RATES,
        "after": after,
    }


optimizers = {
    "sgd": optimizer_case(lambda p: optim.SGD(p, 1.0, momentum=0.9)),
    "sgd, momentum 0.5": optimizer_case(lambda p: optim.SGD(p, 1.0, momentum=0.5)),
    "adam": optimizer_case(lambda p: optim.Adam(p)),
    "adam, other settings": optimizer_case(lambda p: optim.Adam(p, betas=(0.8, 0.95), eps=1e-3)),
    "adam, weight decay 0.1": optimizer_case(lambda p: optim.AdamW(p, weight_decay=0.1)),
    "adadelta": optimizer_case(lambda p: optim.Adadelta(p, rho=0.95, eps=1e-7)),
    "adadelta, other settings": optimizer_case(lambda p: optim.Adadelta(p, rho=0.8, eps=1e-3)),
    "sgd, clipped at 2": optimizer_case(lambda p: optim.SGD(p, 1.0, momentum=0.9), clip=2.0),
}


# Schedules.
def rates(make, steps, skipped=0):
    optimizer = optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = make(optimizer)
    values = []
    for step in range(skipped + steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return short(values[skipped:])


def one_cycle(peak, steps, warm_up, start, end):
    """Its first step is one stride up the rise, hence the step that is skipped."""
    rising = max(1, round(steps * warm_up))
    fall = steps - 1 - rising

    def make(optimizer):
        optimizer.param_groups[0]["lr"] = optimizer.param_groups[0]["initial_lr"] = peak
        rise = lr_scheduler.LinearLR(optimizer, start_factor=start, total_iters=rising)
        cosine = lr_scheduler.CosineAnnealingLR(optimizer, T_max=fall, eta_min=peak * end)
        return lr_scheduler.SequentialLR(optimizer, [rise, cosine], milestones=[rising + 1])

    return rates(make, steps, skipped=1)


schedules = {
    "constant": rates(lambda o: lr_scheduler.ConstantLR(o, factor=1.0), 4),
    "one cycle, 40 steps": one_cycle(0.003, 40, 0.1, 0.1, 0.01),
    "one cycle, 7 steps": one_cycle(0.003, 7, 0.1, 0.1, 0.01),
    "one cycle, other settings": one_cycle(2.0, 30, 0.3, 0.25, 0.2),
    "steps": rates(lambda o: lr_scheduler.MultiStepLR(o, [5, 15]), 20),
    "steps, halved": rates(lambda o: lr_scheduler.MultiStepLR(o, [6], gamma=0.5), 10),
}


# Layers: result, and derivatives by input and parameters.
layers = {}


def layer_case(name, function, x, *parameters):
    leaves = [value.clone().requires_grad_() for value in (x, *parameters)]
    result = function(*leaves)
    cotangent = draw(*result.shape)
    (result * cotangent).sum().backward()
    layers[name] = {
        "inputs": [plain(value) for value in leaves],
        "result": plain(result),
        "cotangent": plain(cotangent),
        "derivatives": [plain(value.grad) for value in leaves],
    }


image = draw(2, 4, 6, 5)
layer_case("relu", F.relu, image)
layer_case("sigmoid", torch.sigmoid, image)
layer_case("leaky relu", F.leaky_relu, image)
layer_case("max pool 2", nn.MaxPool2d(2), torch.tensor(rng.permutation(192).reshape(2, 4, 6, 4) / 50.0))
layer_case("average pool 2", nn.AvgPool2d(2), draw(2, 4, 6, 4))
layer_case("global average", lambda x: x.mean(dim=(2, 3)), image)
layer_case("upsample 3", nn.Upsample(scale_factor=3), image)
layer_case("flatten", nn.Flatten(), image)
layer_case("reshape", lambda x: x.reshape(2, 8, 15), image)
layer_case("dense", lambda x, w, b: F.linear(x, w.T, b), draw(3, 5), draw(5, 4), draw(4))
layer_case("convolution", lambda x, w, b: F.conv2d(x, w, b, padding=1), image, draw(3, 4, 3, 3), draw(3))
layer_case(
    "convolution, 5×5, stride 2",
    lambda x, w, b: F.conv2d(x, w, b, stride=2, padding=2),
    image,
    draw(3, 4, 5, 5),
    draw(3),
)
layer_case(
    "convolution, no padding",
    lambda x, w, b: F.conv2d(x, w, b, padding=0),
    image,
    draw(3, 4, 3, 3),
    draw(3),
)
layer_case(
    "upsampled convolution",
    lambda x, w, b: F.conv2d(F.interpolate(x, scale_factor=2), w, b, padding=1),
    image,
    draw(3, 4, 3, 3),
    draw(3),
)
layer_case(
    "group normalisation",
    lambda x, s, t: F.group_norm(x, 2, s.flatten(), t.flatten()),
    # Little variance, so that what keeps the square root away from 0 is seen.
    torch.cat([image[:1], image[1:] * 0.005]),
    draw(4, 1, 1),
    draw(4, 1, 1),
)
layer_case(
    "two layers one after the other",
    lambda x, w1, b1, w2, b2: F.linear(F.relu(F.linear(x, w1.T, b1)), w2.T, b2),
    draw(3, 5),
    draw(5, 4),
    draw(4),
    draw(4, 2),
    draw(2),
)

logits = draw(3, 4, low=-6, high=6)
targets = draw(3, 4, low=0, high=1)
shares = torch.softmax(draw(3, 4), dim=1)
layer_case(
    "binary cross-entropy",
    lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction="none"),
    logits,
    targets,
)
layer_case("squared error", lambda a, b: F.mse_loss(a, b, reduction="none"), draw(3, 4), draw(3, 4))
layer_case(
    "softmax cross-entropy",
    lambda z, t: F.cross_entropy(z, t, reduction="none"),
    logits,
    shares,
)


# Augmentation: pixels looked up where they were before the image was turned about its middle and moved.
def moved(images, degrees, right, down):
    """Turned by `degrees` and moved by shares of the sides; borders repeated, bilinear."""
    count, channels, height, width = images.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(float)
    y, x = rows - (height - 1) / 2, columns - (width - 1) / 2
    angle = np.deg2rad(degrees)
    from_x = np.cos(angle) * x - np.sin(angle) * y + right * width + (width - 1) / 2
    from_y = np.sin(angle) * x + np.cos(angle) * y + down * height + (height - 1) / 2
    return np.stack(
        [
            [map_coordinates(plane, [from_y, from_x], order=1, mode="nearest") for plane in image]
            for image in images
        ]
    )


def lit(images, offset, gain):
    return np.clip(0.5 + (images - 0.5) * (1 + gain) + offset, 0, 1)


pictures = rng.uniform(0, 1, (1, 2, 9, 13)).round(3)
augmentations = {
    "pictures": {"shape": list(pictures.shape), "data": short(pictures)},
    "turned": short(moved(pictures, 20, 0, 0)),
    "moved": short(moved(pictures, 0, 0.2, -0.1)),
    "turned and moved": short(moved(pictures, -35, 0.12, 0.2)),
    "brighter": short(lit(pictures, 0.2, 0)),
    "darker": short(lit(pictures, -0.3, 0)),
    "more contrast": short(lit(pictures, 0, 0.5)),
    "less contrast, brighter": short(lit(pictures, 0.1, -0.4)),
}


# One whole training: logistic regression on all rows at once, Adam and one cycle.
rows, features, epochs = 24, 3, 30
x = draw(rows, features)
y = torch.sigmoid(x @ torch.tensor([[1.5], [-2.0], [0.5]], dtype=torch.float64) + 0.3).round(decimals=3)
held_x, held_y = x[:6] * 0.5, (1 - y[:6] * 0.2).round(decimals=4)
weights = torch.full((features, 1), 0.1, dtype=torch.float64, requires_grad=True)
bias = torch.full((1,), -0.2, dtype=torch.float64, requires_grad=True)
optimizer = optim.Adam([weights, bias])
plan = one_cycle(0.3, epochs, 0.1, 0.1, 0.01)
history = []
for rate in plan:
    optimizer.param_groups[0]["lr"] = rate
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(x @ weights + bias, y)
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        held = F.binary_cross_entropy_with_logits(held_x @ weights + bias, held_y)
    history.append([loss.item(), held.item(), *weights.flatten().tolist(), bias.item()])
training = {
    "x": plain(x),
    "y": plain(y),
    "heldX": plain(held_x),
    "heldY": plain(held_y),
    "history": [short(row) for row in history],
}

target = pathlib.Path(__file__).with_suffix(".json")
parts = {
    "optimizers": optimizers,
    "schedules": schedules,
    "layers": layers,
    "augmentations": augmentations,
    "training": training,
}
lines = (
    f"{json.dumps(part)}: {{\n"
    + ",\n".join(
        f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(value, separators=(',', ':'))}"
        for name, value in cases.items()
    )
    + "\n}"
    for part, cases in parts.items()
)
target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
