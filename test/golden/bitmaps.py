"""Windows bitmaps as Pillow writes them, and the pixels it reads back.

    python -m pip install numpy pillow
    python -P bitmaps.py > bitmaps.json
"""

import base64
import io
import json

import numpy as np
from PIL import Image

rng = np.random.default_rng(6)
made = {}
for name, mode in {"one bit": "1", "grey": "L", "palette": "P", "colour": "RGB", "with a fourth byte": "RGBA"}.items():
    for height, width in [(5, 7), (1, 1), (4, 8), (3, 33)]:
        colour = Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8))
        picture = colour.quantize(32) if mode == "P" else colour.convert(mode)
        if mode == "RGBA":
            picture.putalpha(Image.fromarray(rng.integers(0, 256, (height, width), dtype=np.uint8)))
        file = io.BytesIO()
        picture.save(file, "BMP")
        back = Image.open(io.BytesIO(file.getvalue()))
        pixels = np.asarray(back.convert("L" if mode in "1L" else "RGB" if mode != "RGBA" else "RGBA")).astype(int)
        if mode == "RGBA":
            pixels = np.floor(pixels[..., :3] * pixels[..., 3:] / 255 + 0.5).astype(int)
        made[f"{name}, {width}×{height}"] = {
            "file": base64.b64encode(file.getvalue()).decode(),
            "shape": [1 if mode in "1L" else 3, height, width],
            "pixels": pixels.ravel().tolist(),
        }
print(json.dumps(made))
