"""Sends images as a classifier in Python would; prints what came of it as JSON."""

import json
import sys
import tempfile

sys.path.insert(0, sys.argv[1])
from pixeldrift_client import Client, SendQueue, ServiceError, describe  # noqa: E402

url, token = sys.argv[2], sys.argv[3]
queue = SendQueue(Client(url, token, monitor="m"), together=2)
for i in range(5):
    queue.put(b"image %d" % i, prediction_id=f"image {i}", source="left", probabilities=(0.5, 0.5))
queue.close(30)
truths = Client(url, token, monitor="m").ground_truth({"image 1": "cat", "image 2": "0", "later": "dog"})
scored = Client(url, token, monitor="m").score([describe(b"image 0", prediction_id="image 0", source="left", probabilities=[0.5, 0.5])], wait_s=0)
with tempfile.NamedTemporaryFile() as array:
    array.write(b"\x93NUMPY\x01\x00\x46\x00" + b"{'descr': '|u1', 'fortran_order': False, 'shape': (2, 4, 4), }".ljust(70) + bytes(32))
    array.flush()
    sent = Client(url, token, monitor="m").send_file(array.name, "npy", prefix="array/")
again = Client(url, token, monitor="m").send([])
try:
    Client(url, "wrong", monitor="m").get("alerts")
    refused = None
except ServiceError as error:
    refused = [error.status, error.code]
lost = SendQueue(Client("http://127.0.0.1:1", tries=1), capacity=2)
taken = [lost.put(b"x") for _ in range(50)]
lost.close(30)
print(json.dumps({"dropped": queue.dropped, "truths": truths, "scored": scored, "sent": sent, "again": again, "refused": refused, "lost": lost.dropped, "first": taken[0]}))
