"""Golden values of what files say beside their pixels: run `python test/golden/file-headers.py` (Pillow) to write file-headers.json."""

import base64
import io
import json
import pathlib

import PIL
from PIL import Image

MODEL = 272


def encoded(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def picture(mode):
    image = Image.linear_gradient("L").resize((12, 8))
    if mode == "I;16":
        return image.convert("I").point(lambda value: value * 257).convert("I;16")
    return image.convert(mode)


def exif(model):
    own = Image.Exif()
    own[MODEL] = model
    return own


def brightness_table(jpeg):
    """The first table as it stands in the file: 64 numbers of one byte, zigzag."""
    at = jpeg.index(b"\xff\xdb")
    assert jpeg[at + 4] == 0
    return jpeg[at + 5 : at + 69]


def case(title, bytes, **expected):
    return {"title": title, "file": base64.b64encode(bytes).decode(), "expected": expected}


JPEG = [
    case(
        f"JPEG {name}",
        encoded(picture("RGB"), "JPEG", quality=80, subsampling=number),
        format="jpeg", channels="colour", depth=8, quality=80, subsampling=name,
    )
    for number, name in enumerate(["4:4:4", "4:2:2", "4:2:0"])
]
MODES = {
    "1": ("grey", 1), "L": ("grey", 8), "I;16": ("grey", 16), "LA": ("grey with transparency", 8),
    "P": ("palette", 8), "RGB": ("colour", 8), "RGBA": ("colour with transparency", 8),
}
PNG = [
    case(f"PNG {mode}", encoded(picture(mode), "PNG"), format="png", channels=channels, depth=depth)
    for mode, (channels, depth) in MODES.items()
]
TIFF = [
    case(f"TIFF {mode}", encoded(picture(mode), "TIFF"), format="tiff", channels=channels, depth=depth)
    for mode, (channels, depth) in {**MODES, "CMYK": ("CMYK", 8)}.items()
]
OTHERS = [
    case("JPEG grey", encoded(picture("L"), "JPEG", quality=33), format="jpeg", channels="grey", depth=8, quality=33),
    case("JPEG CMYK", encoded(picture("CMYK"), "JPEG", quality=90), format="jpeg", channels="CMYK", depth=8, quality=90),
    case("GIF", encoded(picture("P"), "GIF"), format="gif", channels="palette", depth=8),
    case("BMP", encoded(picture("RGB"), "BMP"), format="bmp", channels="colour", depth=8),
    case("BMP with a palette", encoded(picture("P"), "BMP"), format="bmp", channels="palette", depth=8),
    case("WebP", encoded(picture("RGB"), "WEBP"), format="webp", channels="colour", depth=8),
    case("WebP, lossless", encoded(picture("RGB"), "WEBP", lossless=True), format="webp", channels="colour", depth=8),
    case(
        "WebP with alpha",
        encoded(picture("LA").convert("RGBA").point(lambda v: v // 2), "WEBP", lossless=True),
        format="webp", channels="colour with transparency", depth=8,
    ),
    case("AVIF", encoded(picture("RGB"), "AVIF"), format="avif", channels="colour", depth=8),
    case(
        "JPEG of a camera", encoded(picture("RGB"), "JPEG", quality=95, subsampling=2, exif=exif("Model X-1")),
        format="jpeg", channels="colour", depth=8, quality=95, subsampling="4:2:0", camera="Model X-1",
    ),
    case(
        "PNG of a camera", encoded(picture("RGB"), "PNG", exif=exif("Model X-1")),
        format="png", channels="colour", depth=8, camera="Model X-1",
    ),
    case(
        "WebP of a camera", encoded(picture("RGB"), "WEBP", exif=exif("Model X-1")),
        format="webp", channels="colour", depth=8, camera="Model X-1",
    ),
    case(
        "TIFF of a camera", encoded(picture("RGB"), "TIFF", tiffinfo={MODEL: "Model X-1"}),
        format="tiff", channels="colour", depth=8, camera="Model X-1",
    ),
]

qualities = [encoded(picture("L"), "JPEG", quality=quality) for quality in range(1, 101)]
golden = {
    "pillow": PIL.__version__,
    "cases": JPEG + PNG + TIFF + OTHERS,
    "tables": [base64.b64encode(brightness_table(one)).decode() for one in qualities],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
