"""The recipe in Keras, as a benchmark worker: its training step, its scoring, and its time to a loss.

Modes: graph (tf.function) and jit (XLA), each in its own worker; the harness keeps the better one.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import line_protocol  # noqa: E402  (before TensorFlow, which prints to stdout)
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from recipe_data import HEIGHT, WIDTH, noisy, random_images, read_images  # noqa: E402

SHAPE = (HEIGHT, WIDTH, 1)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--task", choices=["training", "scoring", "time-to-loss"], required=True)
    parser.add_argument("--mode", choices=["graph", "jit"], required=True)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--batches", type=int, default=16)
    parser.add_argument("--part", type=int, help="rows of a call when scoring; default the whole batch")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--data", help="folder of the raw images, for time-to-loss")
    return parser.parse_args()


def recipe(last_activation):
    """The published 28x28 architecture; None as last activation answers logits."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(32, 3, activation="relu", padding="same"),
            layers.MaxPooling2D(2, padding="same"),
            layers.Conv2D(32, 3, activation="relu", padding="same"),
            layers.MaxPooling2D(2, padding="same"),
            layers.Conv2D(32, 3, activation="relu", padding="same"),
            layers.UpSampling2D(2),
            layers.Conv2D(32, 3, activation="relu", padding="same"),
            layers.UpSampling2D(2),
            layers.Conv2D(1, 3, activation=last_activation, padding="same"),
        ]
    )


def adadelta():
    return keras.optimizers.Adadelta(learning_rate=1.0, rho=0.95, epsilon=1e-7)


def logit_loss(target, logits):
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=logits)


def random_batches(options):
    clean = random_images(options.batch * options.batches, 1)
    shape = (options.batches, options.batch, *SHAPE)
    pairs = zip(noisy(clean, 2).reshape(shape), clean.reshape(shape))
    return [(tf.constant(dirty), tf.constant(target)) for dirty, target in pairs]


def training(options):
    """A hand-written training step: measured faster than `fit`, whose per-step work it leaves out."""
    keras.utils.set_random_seed(0)
    model, optimizer, batches = recipe(None), adadelta(), random_batches(options)
    optimizer.build(model.trainable_variables)

    @tf.function(jit_compile=options.mode == "jit")
    def step(dirty, clean):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(logit_loss(clean, model(dirty, training=True)))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    def run(steps):
        start = time.perf_counter()
        for index in range(steps):
            loss = step(*batches[index % len(batches)])
        value = float(loss)
        return {"seconds": time.perf_counter() - start, "images": steps * options.batch, "loss": value}

    run(3)
    return {"run": run}


def scoring(options):
    keras.utils.set_random_seed(0)
    model = recipe(None)
    part = options.part or options.batch
    batches = [
        [clean[start : start + part] for start in range(0, options.batch, part)] for _, clean in random_batches(options)
    ]

    @tf.function(jit_compile=options.mode == "jit")
    def score(images):
        logits = model(images, training=False)
        return tf.sigmoid(logits), tf.reduce_mean(logit_loss(images, logits), axis=(1, 2, 3))

    def run(steps):
        total = 0.0
        start = time.perf_counter()
        for index in range(steps):
            for images in batches[index % len(batches)]:
                reconstruction, losses = score(images)
                total += float(losses.numpy()[0]) + float(reconstruction.numpy().flat[0])
        return {"seconds": time.perf_counter() - start, "images": steps * options.batch, "loss": total}

    run(3)
    return {"run": run}


class StopAtLoss(keras.callbacks.Callback):
    """Evaluates after each part of an epoch, off the clock, and stops at the target."""

    def __init__(self, validation, target):
        super().__init__()
        self.validation, self.target = validation, target
        self.seconds, self.trace = 0.0, []

    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds += time.perf_counter() - self.started
        loss = float(self.model.evaluate(self.validation, verbose=0))
        self.trace.append({"seconds": self.seconds, "validationLoss": loss})
        line_protocol.log(f"{self.seconds:.1f} s: validation loss {loss:.4f}")
        self.model.stop_training = loss <= self.target


def noisy_pairs(folder, name, seed):
    images = read_images(folder, name)
    return tuple(part.reshape(-1, *SHAPE) for part in (noisy(images, seed), images))


def warm_up(model, data):
    """Traces and compiles before the clock starts, then takes the parameters and the state back."""
    weights = model.get_weights()
    model.fit(data.take(2), verbose=0)
    model.set_weights(weights)
    for variable in model.optimizer.variables:
        # A rate that is a number stands among the variables; a schedule does not.
        if variable.path.rsplit("/", 1)[-1] != "learning_rate":
            variable.assign(tf.zeros_like(variable))


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Linear rise over a tenth of the steps, then a cosine fall to a hundredth of the peak: the schedule of our side."""

    def __init__(self, peak, steps):
        super().__init__()
        self.peak, self.steps = peak, steps
        self.rising = max(1, round(steps * 0.1))

    def __call__(self, step):
        step = tf.cast(step, tf.float32)
        rise = 0.1 + 0.9 * (step + 1) / self.rising
        progress = tf.clip_by_value((step - self.rising) / max(1, self.steps - 1 - self.rising), 0.0, 1.0)
        fall = 0.01 + 0.99 * (1 + tf.cos(np.pi * progress)) / 2
        return self.peak * tf.where(step < self.rising, rise, fall)


def optimizer_of(peak, steps):
    """The published optimizer; with a peak, ours under our schedule."""
    if peak is None:
        return adadelta()
    return keras.optimizers.Adam(OneCycle(peak, steps), beta_1=0.9, beta_2=0.999, epsilon=1e-8)


def time_to_loss(options):
    """The recipe through `fit` on the images in --data, as published or with our optimizer, schedule and batch size."""
    pairs = noisy_pairs(options.data, "training", 1)
    validation = tf.data.Dataset.from_tensor_slices(noisy_pairs(options.data, "validation", 2)).batch(512)

    def run(seed, loss, epochs, evaluations, batch=None, peak=None):
        keras.utils.set_random_seed(seed)
        data = tf.data.Dataset.from_tensor_slices(pairs).shuffle(len(pairs[0]), seed=seed)
        data = data.batch(batch or options.batch).prefetch(tf.data.AUTOTUNE)
        steps = int(data.cardinality()) // evaluations
        model = recipe("sigmoid")
        model.compile(optimizer_of(peak, steps * evaluations * epochs), "binary_crossentropy", jit_compile=options.mode == "jit")
        warm_up(model, data)
        stop = StopAtLoss(validation, loss)
        model.fit(
            data.repeat(),
            steps_per_epoch=steps,
            epochs=epochs * evaluations,
            callbacks=[stop],
            verbose=0,
        )
        reached = stop.trace[-1]["validationLoss"] <= loss
        return {"seconds": stop.seconds, "reached": reached, "trace": stop.trace}

    return {"run": run}


def main():
    options = arguments()
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    tasks = {"training": training, "scoring": scoring, "time-to-loss": time_to_loss}
    commands = tasks[options.task](options)
    description = {"name": f"Keras {options.mode}", "version": f"{keras.__version__} on TensorFlow {tf.__version__}"}
    line_protocol.serve(description, commands)


if __name__ == "__main__":
    main()
