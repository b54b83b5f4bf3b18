"""Measures images part by part on Spark's workers and judges all parts together.

    spark-submit --master 'local[2,4]' examples/spark/measure.py detector.pixeldrift images/ features/ --parts 16

Detector, images and features are found under the same names on every machine (a shared file system; images may also be
s3://bucket/prefix). PIXELDRIFT says how the command is called there, "npx pixeldrift" unless it is set. Words that are
not known here go to `pixeldrift measure`. A part that was killed is tried again (spark.task.maxFailures, the 4 above)
and goes on where it was; a part whose file is there is not measured again, so that the whole may be stopped and started
too. The verdict stands in features/verdict.json; exit codes are those of `check`.
"""

import argparse
import os
import shlex
import subprocess
import sys

from pyspark.sql import SparkSession


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

    def measure_part(part):
        out = os.path.join(features, f"part-{part}.parquet")
        return measure(command, detector, images, f"{part}/{args.parts}", out, more)

    spark = SparkSession.builder.appName("pixeldrift measure").getOrCreate()
    parts = spark.sparkContext.parallelize(range(1, args.parts + 1), args.parts)
    done = parts.map(measure_part).collect()
    spark.stop()
    with open(os.path.join(features, "verdict.json"), "w") as verdict:
        judged = subprocess.run([*command, "check", detector, *done, "--json"], stdout=verdict)
    sys.exit(judged.returncode)


if __name__ == "__main__":
    main()
