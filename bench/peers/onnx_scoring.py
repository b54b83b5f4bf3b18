"""ONNX Runtime by itself on the model that pixeldrift scores with: what its own code around the runtime costs or gains.

Modes: session (one session with all threads, a whole batch a call) and shared (a session of one thread for each core,
the rows of a batch shared out among them, in parts).
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import onnxruntime

from line_protocol import serve
from recipe_data import HEIGHT, WIDTH, random_images


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--mode", choices=["session", "shared"], required=True)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--part", type=int, default=32, help="rows of a call, in mode shared")
    parser.add_argument("--batches", type=int, default=16)
    parser.add_argument("--threads", type=int, required=True)
    return parser.parse_args()


def open_session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Small numbers slow the processor down; pixeldrift flushes them too.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def sum_of_first(outputs):
    return sum(float(values.flat[0]) for values in outputs)


def scoring(options):
    shape = (options.batches, options.batch, 1, HEIGHT, WIDTH)
    batches = random_images(options.batch * options.batches, 1).reshape(shape)
    names = ["loss", "reconstruction"]
    if options.mode == "session":
        session = open_session(options.model, options.threads)

        def score(images):
            return sum_of_first(session.run(names, {"images": images}))

    else:
        sessions = [open_session(options.model, 1) for _ in range(options.threads)]
        pool = ThreadPoolExecutor(options.threads)

        def score_share(thread, images):
            start = thread * len(images) // options.threads
            end = (thread + 1) * len(images) // options.threads
            parts = range(start, end, options.part)
            return sum(
                sum_of_first(sessions[thread].run(names, {"images": images[part : min(part + options.part, end)]}))
                for part in parts
            )

        def score(images):
            return sum(pool.map(score_share, range(options.threads), [images] * options.threads))

    def run(steps):
        start = time.perf_counter()
        total = sum(score(batches[step % len(batches)]) for step in range(steps))
        return {"seconds": time.perf_counter() - start, "images": steps * options.batch, "loss": total}

    run(3)
    return run


def main():
    options = arguments()
    run = scoring(options)
    serve({"name": f"ONNX Runtime {options.mode}", "version": onnxruntime.__version__}, {"run": run})


if __name__ == "__main__":
    main()
