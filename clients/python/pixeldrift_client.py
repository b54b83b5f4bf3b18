"""Sends the images that a classifier is given to a pixeldrift service; the standard library alone.

    from pixeldrift_client import Client, SendQueue

    queue = SendQueue(Client("http://localhost:8080"))
    queue.put(jpeg_bytes, prediction_id="order-17", source="camera-2", probabilities=[0.9, 0.1])
    ...
    queue.close()

`put` returns at once: images wait in memory, are sent in the background, and are dropped and counted where too many wait.
"""

from __future__ import annotations

import base64
import json
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import deque
from typing import Any, BinaryIO, Callable, Mapping, Optional, Sequence, Union

__all__ = ["Client", "SendQueue", "ServiceError"]

_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 30.0
_MAY_PASS = (429, 502, 503, 504)
_TRUTHS_TOGETHER = 1000
_FILE_TYPES = {
    "npy": "application/x-npy",
    "npz": "application/x-npz",
    "idx": "application/x-idx",
    "parquet": "application/vnd.apache.parquet",
    "tar": "application/x-tar",
    "zip": "application/zip",
    "gzip": "application/gzip",
}


class ServiceError(Exception):
    """What a service answered in place of what was asked for."""

    def __init__(self, status: int, code: str, message: str, hint: Optional[str] = None) -> None:
        super().__init__(message if hint is None else f"{message} ({hint})")
        self.status = status
        self.code = code
        self.hint = hint


def describe(image: bytes, **facts: Any) -> dict[str, Any]:
    """An image file and what is known of it, as `Client.send` takes it.

    facts: prediction_id (your own name of it: sent again under the same it is not counted twice), source (camera or
    site), taken_at (ISO 8601 with a zone), prediction, probabilities, logits, embedding, attributes (text by name).
    """
    unknown = set(facts) - set(_NAMES)
    if unknown:
        raise TypeError(f"expected {', '.join(_NAMES)}, got {', '.join(sorted(unknown))}")
    said = {_NAMES[name]: _plain(value) for name, value in facts.items() if value is not None}
    return {**said, "image": base64.b64encode(image).decode("ascii")}


_NAMES = {
    "prediction_id": "predictionId",
    "source": "source",
    "taken_at": "takenAt",
    "prediction": "prediction",
    "probabilities": "probabilities",
    "logits": "logits",
    "embedding": "embedding",
    "attributes": "attributes",
}


def _plain(value: Any) -> Any:
    """Numbers of NumPy and the like become those of Python."""
    if isinstance(value, (str, dict)):
        return value
    return [float(number) for number in value]


class Client:
    """Speaks to one monitor of a service."""

    def __init__(
        self,
        url: str,
        token: Optional[str] = None,
        monitor: str = "default",
        tries: int = 8,
        timeout_s: float = 30.0,
    ) -> None:
        self._base = f"{url.rstrip('/')}/v1/"
        self._monitor = urllib.parse.quote(monitor, safe="")
        self._token = token
        self._tries = tries
        self._timeout_s = timeout_s

    def send(self, images: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
        """Returns once all are stored for good; tries again where the service is busy or away."""
        if not images:
            return []
        answer = self._ask(f"monitors/{self._monitor}/images", {"images": list(images)})
        return answer["images"]

    def score(self, images: Sequence[dict[str, Any]], wait_s: float = 10.0) -> list[dict[str, Any]]:
        """Sends them, and returns once they are measured, or after so long (a minute at most) with what is known.

        Each has an outcome (measured, skipped, waiting, forgotten) and, where it is measured, a score: score (higher = more
        unusual), pValue (share of reference images at least as unusual), isUnusual, loss, excessLoss.
        """
        if not images:
            return []
        path = f"monitors/{self._monitor}/images?wait=score&waitMs={round(1000 * wait_s)}"
        answer = self._ask(path, {"images": list(images)}, wait_s)
        return answer["images"]

    def send_file(self, path: str, kind: str, **options: str) -> dict[str, Any]:
        """Sends an array of pixels, a table or an archive of images at once; nothing of a damaged one is taken.

        kind: npy, npz, idx, parquet, tar, zip, gzip (of an array or tar). options: prefix (in front of the name or number of
        each), source (of all), by (the column that names the source of each, or folder), column (that holds the images),
        layout (NCHW or NHWC). Returns how many were taken, known before and refused, and the first refusals.
        """
        unknown = set(options) - {"prefix", "source", "by", "column", "layout"}
        if unknown:
            raise TypeError(f"expected prefix, source, by, column, layout, got {', '.join(sorted(unknown))}")
        query = urllib.parse.urlencode(options)
        with open(path, "rb") as file:
            return self._ask(f"monitors/{self._monitor}/images?{query}", file, content_type=_FILE_TYPES[kind])

    def ground_truth(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Says what images really show, by prediction_id, before or after they are sent, again or otherwise.

        Returns what became of each: counted, unchanged, corrected, waiting (for its image), no-prediction (that could be
        right or wrong), forgotten (the image is), refused (too many wait).
        """
        statuses: dict[str, str] = {}
        truths = [{"predictionId": name, "label": label} for name, label in labels.items()]
        for at in range(0, len(truths), _TRUTHS_TOGETHER):
            some = {"groundTruth": truths[at : at + _TRUTHS_TOGETHER]}
            answer = self._ask(f"monitors/{self._monitor}/ground-truth", some)
            statuses.update((one["predictionId"], one["status"]) for one in answer["groundTruth"])
        return statuses

    def get(self, path: str) -> Any:
        """Any other resource under /v1, e.g. `alerts?unresolved=true`."""
        return self._ask(path, None)

    def _ask(
        self,
        path: str,
        body: Union[dict[str, Any], BinaryIO, None],
        wait_s: float = 0.0,
        content_type: str = "application/json",
    ) -> Any:
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        headers = {"content-type": content_type}
        if data is not None and not isinstance(data, bytes):
            headers["content-length"] = str(os.fstat(data.fileno()).st_size)
        if self._token is not None:
            headers["authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(self._base + path, data=data, headers=headers)
        attempt = 1
        while True:
            retry_after = None
            if data is not None and not isinstance(data, bytes):
                data.seek(0)
            try:
                with urllib.request.urlopen(request, timeout=self._timeout_s + wait_s) as response:
                    return json.load(response)
            except urllib.error.HTTPError as error:
                if attempt >= self._tries or error.code not in _MAY_PASS:
                    raise _read_error(error) from None
                retry_after = error.headers.get("retry-after")
            except OSError:
                if attempt >= self._tries:
                    raise
            time.sleep(_pause(retry_after, attempt))
            attempt += 1


def _read_error(error: urllib.error.HTTPError) -> ServiceError:
    try:
        problem = json.load(error)
    except ValueError:
        problem = {}
    detail = problem.get("detail", f"the service answered with {error.code}")
    code = problem.get("code", "service.failed")
    return ServiceError(error.code, code, detail, problem.get("hint"))


def _pause(retry_after: Optional[str], attempt: int) -> float:
    own = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** (attempt - 1))
    return max(own, float(retry_after)) if (retry_after or "").isdigit() else own


class SendQueue:
    """Sends images in the background, and never slows down who predicts."""

    def __init__(
        self,
        client: Client,
        capacity: int = 1000,
        together: int = 32,
        on_dropped: Callable[[int, Exception], None] = lambda images, error: None,
    ) -> None:
        self._client = client
        self._capacity = capacity
        self._together = together
        self._on_dropped = on_dropped
        self._waiting: deque[dict[str, Any]] = deque()
        self._changed = threading.Condition()
        self._is_closed = False
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name="pixeldrift", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Images that were dropped, since too many waited or the service would not take them."""
        return self._dropped

    def put(self, image: bytes, **facts: Any) -> bool:
        """Takes an image, or drops and counts it; returns at once."""
        described = describe(image, **facts)
        with self._changed:
            if self._is_closed or len(self._waiting) >= self._capacity:
                self._dropped += 1
                return False
            self._waiting.append(described)
            self._changed.notify()
            return True

    def close(self, timeout_s: Optional[float] = None) -> None:
        """Waits until all that waits is sent or dropped; nothing is taken any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._is_closed:
                    self._changed.wait()
                if not self._waiting:
                    return
                images = [self._waiting[i] for i in range(min(self._together, len(self._waiting)))]
            try:
                self._client.send(images)
            except Exception as error:  # whatever it was, the next images are tried
                self._dropped += len(images)
                self._on_dropped(len(images), error)
            with self._changed:
                # They count as waiting until it is known what became of them.
                for _ in images:
                    self._waiting.popleft()
