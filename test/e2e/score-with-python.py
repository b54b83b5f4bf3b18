"""Scores images with an exported model in onnxruntime for Python.

Usage: python score-with-python.py FOLDER
Reads scorer.onnx and images.json (shape, values) from the folder; prints the outputs and the metadata as JSON.
"""

import json
import os
import pathlib
import sys

import numpy as np

# Before the runtime loads: it would write of its use into the home folder and send it.
os.environ |= {"ORT_DISABLE_TELEMETRY": "1", "ORT_TELEMETRY_DISABLED": "1"}
import onnxruntime

folder = pathlib.Path(sys.argv[1])
images = json.loads((folder / "images.json").read_text())
session = onnxruntime.InferenceSession(folder / "scorer.onnx", providers=["CPUExecutionProvider"])
pixels = np.array(images["values"], dtype=np.float32).reshape(images["shape"])
names = [output.name for output in session.get_outputs()]
outputs = dict(zip(names, session.run(names, {"images": pixels}), strict=True))
print(
    json.dumps(
        {
            "outputs": {
                name: {"shape": values.shape, "values": values.ravel().tolist()}
                for name, values in outputs.items()
            },
            "metadata": session.get_modelmeta().custom_metadata_map,
        }
    )
)
