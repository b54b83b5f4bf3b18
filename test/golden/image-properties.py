"""Image properties by their textbook definitions, in plain NumPy and SciPy (float64).

Writes image-properties.json: images (levels and the level that is 1.0) and the columns' values.
Run: python image-properties.py   (numpy, scipy)
"""

import json
import pathlib

import numpy as np
from scipy import ndimage, stats

rng = np.random.default_rng(7)


def blob(height, width, x, y, r):
    yy, xx = np.mgrid[:height, :width]
    d = np.hypot((xx - x) / r, (yy - y) / (1.6 * r) + 0.3 * (xx - x) / width)
    return np.clip(1.3 - d, 0, 1)


def entropy_of(p):
    q = 1 - p
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(np.where(p > 0, p * np.log(p), 0) + np.where(q > 0, q * np.log(q), 0))


def tone(v):
    v = v.ravel()
    level = np.floor(v * 255 + 0.5).astype(int)
    histogram = np.bincount(level, minlength=256)
    inner = histogram[1:255]
    padded = np.concatenate([[0], inner, [0]])
    used = np.flatnonzero(histogram)
    off = np.abs(v * 255 - level) > 1e-3
    fine = v * 65535
    off_fine = off & (np.abs(fine - np.round(fine)) > 0.05)
    share = histogram[histogram > 0] / v.size
    ranked = np.sort(level)
    quantile = lambda q: ranked[int(np.ceil(q * v.size)) - 1] / 255
    odd = [n for k, n in enumerate(histogram) if k % 2 == 1 and k < 255]
    return {
        "mean": v.mean(),
        "std": v.std(),
        "skewness": stats.skew(v) if v.std() > 1e-5 else 0,
        "minimum": level.min() / 255,
        "quantile-05": quantile(0.05),
        "median": quantile(0.5),
        "quantile-95": quantile(0.95),
        "maximum": level.max() / 255,
        "zero-fraction": (np.abs(v) * 255 <= 1e-3).mean(),
        "black-fraction": (level <= 2).mean(),
        "mid-grey-fraction": ((level >= 51) & (level <= 204)).mean(),
        "white-fraction": (level >= 250).mean(),
        "one-fraction": (np.abs(v - 1) * 255 <= 1e-3).mean(),
        "grey-levels": len(used),
        "off-grid-fraction": off.mean(),
        "off-fine-grid-fraction": off_fine.mean(),
        "level-gaps": 1 - len(used) / (used[-1] - used[0] + 1),
        "level-comb": np.abs(np.diff(padded, 2)).sum() / (4 * inner.sum()) if inner.sum() else 0,
        "odd-level-fraction": np.sum(odd) / inner.sum() if inner.sum() else 0.5,
        "tone-entropy": stats.entropy(share, base=2),
        "pixel-entropy": entropy_of(v).mean(),
    }


def mean0(a):
    return a.mean() if a.size else 0.0


def rms(a):
    return np.sqrt(mean0(np.square(a)))


def block_excess(steps):
    """steps: |difference| between neighbouring columns, lines × (width − 1)."""
    borders = [b for b in range(7, steps.shape[1] - 1, 8)]
    extra = [steps[:, b] - (steps[:, b - 1] + steps[:, b + 1]) / 2 for b in borders]
    return np.mean(extra) if borders else 0.0


def detail(g):
    dx, dy = np.diff(g, axis=1), np.diff(g, axis=0)
    convolved = lambda mask: ndimage.convolve(g, np.array(mask, float))[1:-1, 1:-1]
    noise = convolved([[1, -2, 1], [-2, 4, -2], [1, -2, 1]])
    laplacian = convolved([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    c = g[1:-1, 1:-1]
    around = np.stack([g[:-2, 1:-1], g[2:, 1:-1], g[1:-1, :-2], g[1:-1, 2:]])
    steps = mean0(np.abs(dx)) + mean0(np.abs(dy))
    excess = block_excess(np.abs(dx)) + block_excess(np.abs(dy).T)
    return {
        "gradient-x": mean0(np.abs(dx)),
        "gradient-y": mean0(np.abs(dy)),
        "gradient-x-rms": rms(dx),
        "gradient-y-rms": rms(dy),
        "flat-fraction": mean0(np.abs(dx) < 1e-6),
        "blockiness": excess / steps if steps > 0 else 0,
        "noise": np.sqrt(np.pi / 2) * mean0(np.abs(noise)) / 6,
        "laplacian": rms(laplacian),
        "bright-spike": max(0, (c - around.max(0)).max()) if c.size else 0,
        "dark-spike": max(0, (around.min(0) - c).max()) if c.size else 0,
    }


def wavelet(g):
    out = {}
    source = g
    for level in (1, 2, 3):
        h, w = source.shape[0] // 2 * 2, source.shape[1] // 2 * 2
        s = source[:h, :w]
        low_x, high_x = (s[:, ::2] + s[:, 1::2]) / np.sqrt(2), (s[:, ::2] - s[:, 1::2]) / np.sqrt(2)
        out[f"wavelet-x-{level}"] = rms((high_x[::2] + high_x[1::2]) / np.sqrt(2))
        out[f"wavelet-y-{level}"] = rms((low_x[::2] - low_x[1::2]) / np.sqrt(2))
        diagonal = (high_x[::2] - high_x[1::2]) / np.sqrt(2)
        out[f"wavelet-xy-{level}"] = rms(diagonal)
        if level == 1:
            finest = np.sort(np.round(np.abs(diagonal).ravel() * 510) / 510)
            out["smooth-noise"] = mean0(finest[: finest.size // 2])
        source = (low_x[::2] + low_x[1::2]) / np.sqrt(2)
    return out


def layout(g):
    height, width = g.shape
    frame = np.ones_like(g, bool)
    frame[1:-1, 1:-1] = False
    border = g[frame]
    yy, xx = np.mgrid[:height, :width]
    total = g.sum()
    average = lambda a: (g * a).sum() / total
    cx, cy = average(xx), average(yy)
    vx, vy = average((xx - cx) ** 2), average((yy - cy) ** 2)
    content = np.abs(g - border.mean()) > 0.1
    across, down = np.flatnonzero(content.any(0)), np.flatnonzero(content.any(1))
    rows, columns = g.mean(1), g.mean(0)
    line = lambda p: np.abs(p[1:-1] - (p[:-2] + p[2:]) / 2).max() if len(p) > 2 else 0
    return {
        "border-mean": border.mean(),
        "border-std": border.std(),
        "center-x": (cx + 0.5) / width,
        "center-y": (cy + 0.5) / height,
        "spread-x": np.sqrt(vx) / width,
        "spread-y": np.sqrt(vy) / height,
        "slant": average((xx - cx) * (yy - cy)) / np.sqrt(vx * vy) if vx * vy > 1e-12 else 0,
        "content-left": across[0] / width if across.size else 1,
        "content-right": (across[-1] + 1) / width if across.size else 0,
        "content-top": down[0] / height if down.size else 1,
        "content-bottom": (down[-1] + 1) / height if down.size else 0,
        "asymmetry-x": np.abs(g - g[:, ::-1]).mean(),
        "asymmetry-y": np.abs(g - g[::-1]).mean(),
        "row-peak": rows.max(),
        "column-peak": columns.max(),
        "row-line": line(rows),
        "column-line": line(columns),
        "row-minimum-std": g.std(1).min(),
        "column-minimum-std": g.std(0).min(),
    }


def colour(v):
    channels = len(v)
    rgb = channels == 3
    names = ["red", "green", "blue"] if rgb else [f"channel-{c + 1}" for c in range(channels)]
    pairs = [(c, c + 1) for c in range(channels - 1)] + ([(0, 2)] if rgb else [])
    out = {}
    for name, plane in zip(names, v):
        out[f"{name}-mean"], out[f"{name}-std"] = plane.mean(), plane.std()
    for a, b in pairs:
        r = np.corrcoef(v[a].ravel(), v[b].ravel())[0, 1]
        out[f"{names[a]}-{names[b]}-correlation"] = r
    out["colour-detail"] = np.mean([np.abs(np.diff(v[a] - v[b], axis=1)).mean() for a, b in pairs])
    spread = v.max(0) - v.min(0)
    means = v.mean((1, 2))
    out["chroma"] = spread.mean()
    out["saturation"] = spread.mean() / v.max(0).mean()
    out["colourless-fraction"] = (spread < 0.5 / 255).mean()
    out["colour-cast"] = np.linalg.norm(means - means.mean())
    if rgb:
        red, green, blue = v
        rg, yb = red - green, (red + green) / 2 - blue
        out["warmth"] = means[0] - means[2]
        out["green-tint"] = means[1] - (means[0] + means[2]) / 2
        out["colourfulness"] = np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean())
        colour = (red - (green + blue) / 2) + 1j * np.sqrt(3) / 2 * (green - blue)
        axis = (colour**2).mean() / ((np.abs(colour) ** 2).mean() + 1e-4)
        out["hue-red-cyan"], out["hue-orange-azure"] = axis.real, axis.imag
    return out


def smooth_colour(channels, height, width):
    shared = ndimage.gaussian_filter(rng.normal(size=(height, width)), 2)
    own = np.stack([ndimage.gaussian_filter(rng.normal(size=(height, width)), 3) for _ in range(channels)])
    v = 0.5 + 1.2 * shared + 1.5 * own + 0.01 * rng.normal(size=own.shape)
    return np.clip(v, 0, 1)


digit = blob(28, 28, 12, 13, 4) + blob(28, 28, 18, 16, 3)
photo = smooth_colour(3, 32, 32)
photo[:, 4:7, 5:9] = photo[:1, 4:7, 5:9]
samples = {
    "grey 28×28, 8 bits": (np.clip(digit, 0, 1)[None], 255),
    "colour 32×32, 8 bits": (photo, 255),
    "grey 17×23, 16 bits": (smooth_colour(1, 17, 23), 65535),
    "grey 17×23, un-quantised": (smooth_colour(1, 17, 23), None),
    "grey 40×9, 3 bits": (np.round(7 * smooth_colour(1, 40, 9)) / 7, None),
    "two channels 12×10, 7 bits": (smooth_colour(2, 12, 10), 127.5),
    "colour 3×5": (rng.uniform(size=(3, 3, 5)), 255),
    "grey 2×2": (rng.uniform(size=(1, 2, 2)), 255),
    "grey 1×6": (rng.uniform(size=(1, 1, 6)), 255),
    "blank edge 10×10": (np.pad(np.ones((1, 4, 5)), ((0, 0), (6, 0), (0, 5))), 255),
}

cases = []
for title, (image, white) in samples.items():
    stored = image.astype(np.float32).astype(float) if white is None else np.round(image * white)
    scale = 1 if white is None else white
    v = (stored / scale).astype(np.float32).astype(float)
    g = v.mean(0)
    columns = {**tone(v), **detail(g), **wavelet(g), **layout(g), **(colour(v) if len(v) > 1 else {})}
    cases.append(
        {
            "title": title,
            "shape": list(v.shape),
            "white": scale,
            "levels": [round(float(x), 9) for x in stored.ravel()],
            "columns": {name: float(value) for name, value in columns.items()},
        }
    )

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"cases": cases}, ensure_ascii=False, separators=(",", ":")) + "\n")
