"""Pictures in the ways that Pillow and tifffile write them, and the pixels that these two read back.

Writes into a folder: the files, for each a .raw of its pixels (rows of interleaved samples of 8 or 16 bits, little-endian),
and files.json, which says of each file its family, shape and bits.
Run: python -P make_files.py FOLDER SEED PER_KIND   (numpy, Pillow, tifffile, imagecodecs)
"""

import io
import json
import pathlib
import sys

import numpy as np
import tifffile
from PIL import Image, ImageOps

folder, seed, per_kind = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
rng = np.random.default_rng(seed)
listed = []


def waves(height, width, channels):
    rows, columns = np.mgrid[0:height, 0:width]
    planes = [
        0.5
        + 0.35 * np.sin(columns / rng.uniform(2, 12) + rng.uniform(0, 6)) * np.cos(rows / rng.uniform(2, 12))
        + rng.normal(0, 0.05, (height, width))
        for _ in range(channels)
    ]
    return np.stack(planes, -1).clip(0, 1)


def side():
    return int(rng.integers(1, 90)) if rng.random() < 0.9 else int(rng.integers(257, 330))


def picture(channels, bits=8):
    values = waves(side(), side(), channels) * (2**bits - 1)
    return values.round().astype(np.uint8 if bits == 8 else np.uint16)


def image(pixels):
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def keep(family, ending, content, pixels):
    """`pixels` are what the other library reads from the content: H×W×C."""
    name = f"{len(listed):04}.{ending}"
    (folder / name).write_bytes(content)
    (folder / f"{name}.raw").write_bytes(np.ascontiguousarray(pixels).astype(pixels.dtype.newbyteorder("<")).tobytes())
    listed.append({"name": name, "family": family, "shape": pixels.shape, "bits": pixels.dtype.itemsize * 8})


def saved(picture, form, **options):
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def by_pillow(content, mode=None):
    opened = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    pixels = np.asarray(opened if mode is None else opened.convert(mode))
    return pixels[..., None] if pixels.ndim == 2 else pixels


def on_black(content):
    """Composited on black, as floats rounded once."""
    pixels = by_pillow(content, "RGBA").astype(np.float64)
    return (pixels[..., :3] * pixels[..., 3:] / 255).round().astype(np.uint8)


def jpegs():
    for subsampling in ["4:4:4", "4:2:2", "4:2:0"]:
        for options in [{}, {"progressive": True}, {"optimize": True}, {"restart_marker_blocks": 3}]:
            quality = int(rng.integers(20, 100))
            content = saved(image(picture(3)), "JPEG", quality=quality, subsampling=subsampling, **options)
            keep("jpeg, colour", "jpg", content, by_pillow(content))
    for options in [{}, {"progressive": True}]:
        content = saved(image(picture(1)), "JPEG", quality=int(rng.integers(20, 100)), **options)
        keep("jpeg, grey", "jpg", content, by_pillow(content))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[274] = orientation
        content = saved(image(picture(3)), "JPEG", exif=exif)
        keep("jpeg, orientation by EXIF", "jpg", content, by_pillow(content))


def pngs():
    for channels in [1, 3]:
        content = saved(image(picture(channels)), "PNG", compress_level=int(rng.integers(0, 10)))
        keep("png, grey and colour", "png", content, by_pillow(content))
    for bits in [1, 2, 4, 8]:
        content = saved(image(picture(3)).quantize(2**bits), "PNG", bits=bits)
        keep("png, palette", "png", content, by_pillow(content, "RGB"))
    content = saved(image(picture(1, 16)), "PNG")
    keep("png, grey of 16 bits", "png", content, by_pillow(content).astype(np.uint16))
    content = saved(image(picture(4)), "PNG")
    keep("png, alpha on black", "png", content, on_black(content))
    grey = picture(1)
    content = saved(Image.merge("LA", [image(grey), image(255 - grey)]), "PNG")
    keep("png, alpha on black", "png", content, on_black(content)[..., :1])
    content = saved(image(picture(1)).point(lambda v: 255 * (v > 120), "1"), "PNG")
    keep("png, palette", "png", content, by_pillow(content, "L"))


def webps():
    for channels in [3, 4]:
        content = saved(image(picture(channels)), "WEBP", lossless=True, exact=True)
        kept = by_pillow(content, "RGB") if channels == 3 else on_black(content)
        keep("webp, lossless" if channels == 3 else "webp, alpha on black", "webp", content, kept)
    content = saved(image(picture(3)), "WEBP", quality=int(rng.integers(20, 100)))
    keep("webp, lossy", "webp", content, by_pillow(content, "RGB"))


def gifs():
    first = image(picture(3)).quantize(64)
    content = saved(first, "GIF")
    keep("gif, first frame", "gif", content, by_pillow(content, "RGB"))
    others = [ImageOps.invert(first.convert("RGB")).quantize(64)]
    content = saved(first, "GIF", save_all=True, append_images=others)
    keep("gif, first frame", "gif", content, by_pillow(content, "RGB"))


def tiffs():
    for bits in [8, 16]:
        for channels in [1, 3]:
            for options in [
                {},
                {"compression": "lzw"},
                {"compression": "zlib"},
                {"compression": "zlib", "predictor": True},
                {"compression": "packbits"},
                {"tile": (32, 48)},
                {"byteorder": ">"},
                {"bigtiff": True},
                {"rowsperstrip": 3},
                *([{"planarconfig": "separate"}] if channels == 3 else []),
            ]:
                pixels = picture(channels, bits)
                whole = np.moveaxis(pixels, -1, 0) if "planarconfig" in options else pixels
                file = io.BytesIO()
                tifffile.imwrite(file, whole if channels == 3 else pixels[..., 0], photometric="rgb" if channels == 3 else "minisblack", **options)
                content = file.getvalue()
                back = tifffile.imread(io.BytesIO(content))
                back = np.moveaxis(back, 0, -1) if "planarconfig" in options else back
                keep(f"tiff, {bits} bits", "tif", content, back[..., None] if back.ndim == 2 else back)


for _ in range(per_kind):
    for make in [jpegs, pngs, webps, gifs, tiffs]:
        make()
(folder / "files.json").write_text(json.dumps(listed))
