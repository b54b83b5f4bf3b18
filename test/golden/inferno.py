"""The inferno colour map of matplotlib at 256 steps, red, green and blue from 0 to 255."""

import json

import matplotlib
import numpy as np

colours = matplotlib.colormaps["inferno"](np.arange(256))[:, :3] * 255

with open("inferno.json", "w") as file:
    json.dump(np.round(colours, 2).tolist(), file)
