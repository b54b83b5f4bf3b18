"""Measures images part by part on a Ray cluster and judges all parts together.

    python examples/ray/measure.py detector.pixeldrift images/ features/ --parts 16

Detector, images and features are found under the same names on every machine (a shared file system; images may also be
s3://bucket/prefix). PIXELDRIFT says how the command is called there, "npx pixeldrift" unless it is set. Words that are
not known here go to `pixeldrift measure`. A part that was killed is tried again and goes on where it was; a part whose
file is there is not measured again, so that the whole may be stopped and started too. The verdict stands in
features/verdict.json; exit codes are those of `check`.
"""

import argparse
import os
import shlex
import subprocess
import sys

import ray


@ray.remote(num_cpus=1, max_retries=3, retry_exceptions=True)
def measure(command, detector, images, shard, out, more):
    if not os.path.exists(out):  # It appears whole or not at all.
        words = ["measure", detector, images, "--shard", shard, "--out", out]
        words += ["--threads", "1", *more]
        subprocess.run([*command, *words], check=True, stdout=subprocess.DEVNULL)
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("detector")
    parser.add_argument("images")
    parser.add_argument("features", help="folder of the parts; a new one for each batch")
    parser.add_argument("--parts", type=int, default=16)
    args, more = parser.parse_known_args()
    command = shlex.split(os.environ.get("PIXELDRIFT", "npx pixeldrift"))
    os.makedirs(args.features, exist_ok=True)
    detector, features = os.path.abspath(args.detector), os.path.abspath(args.features)
    images = args.images if "://" in args.images else os.path.abspath(args.images)

    ray.init()  # RAY_ADDRESS names a cluster; without it Ray starts on this machine.
    waiting = []
    for part in range(1, args.parts + 1):
        out = os.path.join(features, f"part-{part}.parquet")
        shard = f"{part}/{args.parts}"
        waiting.append(measure.remote(command, detector, images, shard, out, more))
    done = []
    while waiting:
        finished, waiting = ray.wait(waiting)
        done += ray.get(finished)
        print(f"{len(done)} of {args.parts} parts measured", file=sys.stderr)
    with open(os.path.join(features, "verdict.json"), "w") as verdict:
        judged = subprocess.run([*command, "check", detector, *done, "--json"], stdout=verdict)
    sys.exit(judged.returncode)


if __name__ == "__main__":
    main()
