"""Golden values of the corruptions' deterministic parts, from SciPy, PIL, OpenCV and scikit-image.

    python -m pip install numpy scipy pillow opencv-python-headless scikit-image
    python corruptions.py > corruptions.json
"""

import json
import math

import cv2
import numpy as np
from PIL import Image
from scipy import ndimage
from skimage import feature

HEIGHT, WIDTH = 11, 14
rng = np.random.default_rng(20261123)
noise = rng.random((HEIGHT, WIDTH))
plane = np.round(noise * 1000) / 1000

# A shape with a dark margin: how the edge is treated must not matter to the outlines.
shape = np.zeros((24, 26))
shape[8:16, 7:19] = 0.9
shape[10:13, 10:15] = 0.3
shape = np.round(ndimage.gaussian_filter(shape, 0.8) * 1000) / 1000
shape[shape < 0.01] = 0


def values(array):
    return np.round(np.asarray(array, dtype=np.float64), 6).ravel().tolist()


def about_centre(matrix, shift=(0.0, 0.0)):
    centre = (np.array(plane.shape) - 1) / 2
    matrix = np.asarray(matrix)
    return matrix, centre + np.asarray(shift) - matrix @ centre


def warp_nearest(matrix, shift):
    matrix, offset = about_centre(matrix, shift)
    return ndimage.affine_transform(plane, matrix, offset, order=1, mode="nearest")


def warp_black(matrix, shift=(0.0, 0.0)):
    matrix, offset = about_centre(matrix, shift)
    return ndimage.affine_transform(plane, matrix, offset, order=1, mode="grid-constant", cval=0)


def keras_affine(theta, down, right, shear, zoom_y, zoom_x):
    """The matrix of Keras' apply_affine_transform, about the true centre."""
    theta, shear = math.radians(theta), math.radians(shear)
    rotation = np.array([[math.cos(theta), -math.sin(theta), 0], [math.sin(theta), math.cos(theta), 0], [0, 0, 1]])
    shift = np.array([[1, 0, down], [0, 1, right], [0, 0, 1]])
    shearing = np.array([[1, -math.sin(shear), 0], [0, math.cos(shear), 0], [0, 0, 1]])
    zoom = np.diag([zoom_y, zoom_x, 1])
    full = rotation @ shift @ shearing @ zoom
    return full[:2, :2], full[:2, 2]


def disk(radius, softness):
    """The published defocus kernel."""
    reach = np.arange(-8, 9) if radius <= 8 else np.arange(-radius, radius + 1)
    x, y = np.meshgrid(reach, reach)
    kernel = np.array((x**2 + y**2) <= radius**2, dtype=np.float32)
    kernel /= kernel.sum()
    size = (3, 3) if radius <= 8 else (5, 5)
    return cv2.GaussianBlur(kernel, ksize=size, sigmaX=softness)


def pixelate(share):
    height, width = int(HEIGHT * share), int(WIDTH * share)
    image = Image.fromarray(plane.astype(np.float32), mode="F")
    return np.array(image.resize((width, height), Image.BOX).resize((WIDTH, HEIGHT), Image.BOX))


affine = dict(theta=33.0, down=1.3, right=-2.1, shear=5.0, zoom_y=1.2, zoom_x=0.85)
matrix, shift = keras_affine(**affine)
angle = 0.4
rotation = [[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]]
shearing = [[math.cos(angle), 0], [-math.sin(angle), 1]]

print(
    json.dumps(
        {
            "height": HEIGHT,
            "width": WIDTH,
            "plane": values(plane),
            "gaussianBlur": values(ndimage.gaussian_filter(plane, 1.0, mode="nearest", truncate=4)),
            "defocusBlur": values(cv2.filter2D(plane, -1, disk(3, 0.1))),
            "erosion2": values(ndimage.grey_erosion(plane, size=(2, 2))),
            "erosion3": values(ndimage.grey_erosion(plane, size=(3, 3))),
            "dilation3": values(ndimage.grey_dilation(plane, size=(3, 3))),
            "pixelate": values(pixelate(0.4)),
            "scale": values(warp_black([[1 / 0.7, 0], [0, 1 / 0.7]])),
            "rotations": [values(warp_black(rotation)), values(warp_black(np.transpose(rotation)))],
            "shears": [values(warp_black(shearing)), values(warp_black([[math.cos(angle), 0], [math.sin(angle), 1]]))],
            "affine": affine,
            "kerasAffine": values(warp_nearest(matrix, shift)),
            "shape": {
                "height": shape.shape[0],
                "width": shape.shape[1],
                "plane": values(shape),
                "cannyEdges": values(feature.canny(shape)),
            },
        }
    )
)
