"""Array and table files as NumPy and pyarrow write them, with the images that must be read from them.

    python -m pip install numpy pillow pyarrow
    python image-arrays.py > image-arrays.json
"""

import base64
import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

rng = np.random.default_rng(4)
levels = rng.integers(0, 256, (5, 6, 4), dtype=np.uint8)
colour = rng.integers(0, 256, (5, 6, 4, 3), dtype=np.uint8)


def saved(array):
    file = io.BytesIO()
    np.save(file, array)
    return base64.b64encode(file.getvalue()).decode()


def zipped(save, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return base64.b64encode(file.getvalue()).decode()


def expected(images):
    """N×C×H×W in [0, 1] from N×H×W or N×H×W×C."""
    images = np.asarray(images, dtype=np.float64)
    if images.ndim == 3:
        images = images[..., None]
    return np.round(np.moveaxis(images, -1, 1), 7).ravel().tolist()


unit = (levels / 255).astype(np.float32)
wide = (levels.astype(np.uint16) * 257)[..., None]
arrays = {
    "uint8": levels,
    "uint8 Fortran": np.asfortranarray(levels),
    "uint8 colour last": colour,
    "uint8 colour first": np.moveaxis(colour, -1, 1).copy(),
    "uint8 colour Fortran": np.asfortranarray(colour),
    "uint16": wide,
    "uint16 big-endian": wide.astype(">u2"),
    "bool": levels > 127,
    "int64": levels.astype(np.int64),
    "int32 big-endian": levels.astype(">i4"),
    "float32": unit,
    "float32 big-endian": unit.astype(">f4"),
    "float32 Fortran": np.asfortranarray(unit),
    "float64": levels / 255,
    "float16": (levels / 255).astype(np.float16),
}
wanted = {name: levels / 255 for name in arrays}
wanted |= {name: colour / 255 for name in arrays if "colour" in name}
wanted["bool"] = levels > 127

beside = dict(
    labels=np.array(["cat", "dog", "cat", "\N{LATIN SMALL LETTER U WITH DIAERESIS}", "dog"]),
    ids=np.array([b"i0", b"i1", b"i2", b"i3", b"i4"]),
    timestamps=np.array(["2026-11-23T10:00", "2026-11-23T10:01", "2026-11-23T10:02", "2026-11-23T10:03", "2026-11-23T10:04"], dtype="datetime64[s]"),
    predictions=np.arange(5, dtype=np.int64),
    camera=np.array(["a", "a", "b", "b", "b"]),
)


def png(image):
    file = io.BytesIO()
    Image.fromarray(image).save(file, format="PNG")
    return file.getvalue()


table = pa.table(
    {
        "image": [{"bytes": png(image), "path": f"{i}.png"} for i, image in enumerate(colour)],
        "label": pa.array([3, 1, 4, 1, 5], pa.int64()),
        "taken": pa.array(["x", None, "y", "y", "z"]),
    }
)
parquet = {}
for codec in ["snappy", "zstd"]:
    file = io.BytesIO()
    pq.write_table(table, file, row_group_size=2, compression=codec)
    parquet[codec] = base64.b64encode(file.getvalue()).decode()

print(
    json.dumps(
        {
            "arrays": {
                name: {"file": saved(array), "pixels": expected(wanted[name])} for name, array in arrays.items()
            },
            "npz": {
                "plain": zipped(np.savez, images=levels, **beside),
                "compressed": zipped(np.savez_compressed, images=levels, **beside),
                "keras": zipped(np.savez, x_train=levels[:3], y_train=np.arange(3), x_test=levels, y_test=np.arange(5) * 2),
            },
            "grey": expected(levels / 255),
            "colour": expected(colour / 255),
            "parquet": parquet,
        }
    )
)
