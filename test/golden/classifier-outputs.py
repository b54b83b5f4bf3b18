"""Small ONNX classifiers and what their outputs mean, computed with NumPy and PyTorch.

Writes classifier-outputs.json: models (base64), images (levels of 255), pre-processing, expected columns.
Run: python classifier-outputs.py   (numpy, torch, onnx)
"""

import base64
import json
import pathlib

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

rng = np.random.default_rng(3)


def model(input_shape, output_shape, weights, tail, extra_output=False):
    """Flatten, multiply by the weights, then the ops named in tail."""
    nodes = [
        helper.make_node("Flatten", ["images"], ["flat"], axis=1),
        helper.make_node("MatMul", ["flat", "weights"], ["t0"]),
    ]
    for i, op in enumerate(tail):
        attributes = {"axis": 1} if op == "Softmax" else {}
        nodes.append(helper.make_node(op, [f"t{i}"], [f"t{i + 1}"], **attributes))
    nodes.append(helper.make_node("Identity", [f"t{len(tail)}"], ["scores"]))
    outputs = [helper.make_tensor_value_info("scores", TensorProto.FLOAT, output_shape)]
    if extra_output:
        nodes.append(helper.make_node("Identity", ["flat"], ["embedding"]))
        outputs.insert(0, helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [None, weights.shape[0]]))
    graph = helper.make_graph(
        nodes,
        "classifier",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, input_shape)],
        outputs,
        [numpy_helper.from_array(weights.astype(np.float32), "weights")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made)
    return base64.b64encode(made.SerializeToString()).decode()


def resize(v, height, width):
    t = torch.tensor(v, dtype=torch.float64)
    return torch.nn.functional.interpolate(t, (height, width), mode="bilinear", antialias=True).numpy()


def columns(scores, kind):
    s = np.asarray(scores, float)
    if kind == "logits":
        energy = np.log(np.exp(s).sum(1))
        log_p = s - energy[:, None]
        names = {f"logit-{k}": s[:, k] for k in range(s.shape[1])}
        names["classifier-energy"] = energy
    else:
        log_p = np.log(s)
        names = {f"log-probability-{k}": log_p[:, k] for k in range(s.shape[1])}
    p = np.exp(log_p)
    names["classifier-confidence"] = p.max(1)
    names["classifier-entropy"] = -(p * log_p).sum(1)
    names["predicted-class"] = s.argmax(1)
    return {name: [float(x) for x in value] for name, value in names.items()}


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


cases = []


def add(title, levels, model_bytes, preprocessing, scores, kind):
    cases.append(
        {
            "title": title,
            "shape": list(levels.shape),
            "levels": levels.ravel().tolist(),
            "model": model_bytes,
            "preprocessing": preprocessing,
            "kind": kind,
            "columns": columns(scores, kind),
        }
    )


# Larger colour images into an NHWC model of bytes, BGR, with mean and std per channel.
levels = rng.integers(0, 256, (5, 3, 17, 9))
weights = rng.normal(size=(8 * 6 * 3, 5)) / 10
mean, std = [103.0, 116.0, 123.0], [57.0, 58.0, 59.0]
x = (255 * resize(levels / 255, 8, 6)[:, ::-1] - np.reshape(mean, (3, 1, 1))) / np.reshape(std, (3, 1, 1))
x = x.transpose(0, 2, 3, 1).reshape(5, -1)
add(
    "NHWC, BGR, bytes, shrunk, among two outputs",
    levels,
    model([None, 8, 6, 3], [None, 5], weights, [], extra_output=True),
    {"scale": 255, "mean": mean, "std": std, "channelOrder": "bgr"},
    x @ weights,
    "logits",
)

# Colour images into a grey NCHW model of a fixed batch of 2, enlarged; softmax inside.
levels = rng.integers(0, 256, (5, 3, 5, 4))
weights = rng.normal(size=(7 * 9, 4)) / 3
grey = np.einsum("nchw,c->nhw", levels / 255, [0.299, 0.587, 0.114])[:, None]
x = (resize(grey, 7, 9) - 0.1307) / 0.3081
add(
    "grey of colour, fixed batch, enlarged, softmax inside",
    levels,
    model([2, 1, 7, 9], [2, 4], weights, ["Softmax"]),
    {"mean": [0.1307], "std": [0.3081]},
    softmax(x.reshape(5, -1) @ weights),
    "probabilities",
)

# Grey images into a flat binary model with one sigmoid output.
levels = rng.integers(0, 256, (4, 1, 6, 6))
weights = rng.normal(size=(36, 1))
p = 1 / (1 + np.exp(-(levels.reshape(4, -1) / 255 @ weights)))
add(
    "flat, one sigmoid output",
    levels,
    model([None, 36], [None, 1], weights, ["Sigmoid"]),
    {},
    np.concatenate([1 - p, p], 1),
    "probabilities",
)

# Grey images into a colour model: the channel is repeated.
levels = rng.integers(0, 256, (4, 1, 4, 4))
weights = rng.normal(size=(48, 3))
x = np.repeat(levels / 255, 3, 1).reshape(4, -1)
add("grey repeated for a colour model", levels, model([None, 3, None, None], [None, 3], weights, []), {}, x @ weights, "logits")

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")
