#!/usr/bin/python3
"""Train a small convolutional network on handwritten digits and write it as an int8 ONNX file.

Data     Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository,
         https://doi.org/10.24432/C50P49, licence CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
         Its 1,797 test pictures ship with scikit-learn as sklearn.datasets.load_digits.
Run      apt-get install python3-sklearn python3-onnx python3-pil libopenblas0
         /usr/bin/python3 train.py
Time     half a minute on one core; the same Debian packages give the same bytes every time.

Writes, next to this script: digits.onnx, held-back.png, held-back.json and pictures/*.png.
"""

import json
import os
from pathlib import Path

# Float sums depend on the order of their terms: one thread and one kernel keep that order the same on every run and
# on every x86-64 processor with AVX2. OpenBLAS reads these settings when numpy loads it.
os.environ.update(OPENBLAS_NUM_THREADS="1", OPENBLAS_CORETYPE="Haswell")

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from onnx import TensorProto, checker, helper, numpy_helper, save
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

HERE = Path(__file__).resolve().parent
SOURCE = ("E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, 1998, UCI Machine Learning "
          "Repository, https://doi.org/10.24432/C50P49, as shipped with scikit-learn (load_digits); "
          "changed: values scaled from 0..16 to 0..255")
LICENCE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

SEED = 0
CHANNELS = [1, 16, 16, 32]  # of the picture, then of each 3x3 convolution
POOLED = [False, True, True]  # which convolutions a 2x2 maximum follows
EPOCHS, BATCH, RATE, DECAY, SMOOTHING = 300, 32, 3e-3, 1e-4, 0.05
SHEET_COLUMNS = 25
WEIGHT_LIMIT = 64  # not 127: two products with uint8 then fit the 16-bit sums of x86 processors without VNNI


# --- the network: pictures are [picture, row, column, channel], a layer is (weights, bias) -----------------------

def patches(x):
    """Every 3x3 neighbourhood, zeros beyond the border, flattened as [row, column, channel]."""
    n, h, w, c = x.shape
    windows = sliding_window_view(np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))), (3, 3), axis=(1, 2))
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(n, h, w, 9 * c)


def pool(x):
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c).max(axis=(2, 4))


def unpool(x):
    return x.repeat(2, axis=1).repeat(2, axis=2)


def forward(layers, x):
    """Logits, and for each layer what the backward pass needs: its input and its output before pooling."""
    trace = []
    for (w, b), pooled in zip(layers, POOLED):
        columns = patches(x)
        y = np.maximum(columns @ w + b, 0)
        trace.append((columns, y))
        x = pool(y) if pooled else y
    w, b = layers[-1]
    flat = x.reshape(len(x), -1)
    logits = flat @ w + b
    trace.append((flat, logits))
    return logits, trace


def backward(layers, trace, gradient):
    """Gradients of weights and biases, in the order of the layers, from the gradient of the logits."""
    flat, w = trace[-1][0], layers[-1][0]
    gradients = [(flat.T @ gradient, gradient.sum(axis=0))]
    gradient = gradient @ w.T
    for (w, _), (columns, y), pooled in list(zip(layers, trace, POOLED))[::-1]:
        if pooled:
            top = pool(y)
            gradient = unpool(gradient.reshape(top.shape)) * (y == unpool(top))
        gradient = gradient * (y > 0)
        inputs, outputs = columns.shape[-1], y.shape[-1]
        gradients.append((columns.reshape(-1, inputs).T @ gradient.reshape(-1, outputs), gradient.sum(axis=(0, 1, 2))))
        # Going back through a convolution is a convolution with the kernel turned by 180 degrees.
        turned = w.reshape(3, 3, -1, outputs)[::-1, ::-1].transpose(0, 1, 3, 2).reshape(9 * outputs, -1)
        gradient = patches(gradient) @ turned
    return gradients[::-1]


# --- training ----------------------------------------------------------------------------------------------------

def distort(x, rng):
    """Turn, stretch, slant and shift every picture a little, at random, so that the network tolerates it."""
    n = len(x)
    matrix = np.eye(2) + rng.uniform(-0.15, 0.15, (n, 2, 2))
    shift = rng.uniform(-1.2, 1.2, (n, 2, 1, 1))
    grid = np.mgrid[:8, :8] - 3.5
    # Two pixels of paper around the picture: what lies farther out is paper as well.
    at = np.clip(np.einsum("nij,jrc->nirc", matrix, grid) + shift + 5.5, 0, 10.999)
    (row, column), (down, right) = at.astype(int).swapaxes(0, 1), (at % 1).swapaxes(0, 1)
    padded, i = np.pad(x[..., 0], ((0, 0), (2, 2), (2, 2))), np.arange(n)[:, None, None]
    upper = padded[i, row, column] * (1 - right) + padded[i, row, column + 1] * right
    lower = padded[i, row + 1, column] * (1 - right) + padded[i, row + 1, column + 1] * right
    return (upper * (1 - down) + lower * down).astype(np.float32)[..., None]


def train(x, labels):
    """Adam with weight decay and a cosine schedule, on smoothed labels."""
    rng = np.random.default_rng(SEED)
    shapes = [(9 * i, o) for i, o in zip(CHANNELS, CHANNELS[1:])] + [(4 * CHANNELS[-1], 10)]
    layers = [(rng.normal(0, np.sqrt(2 / s[0]), s).astype(np.float32), np.zeros(s[1], np.float32)) for s in shapes]
    targets = (np.eye(10)[labels] * (1 - SMOOTHING) + SMOOTHING / 10).astype(np.float32)
    parameters = [p for layer in layers for p in layer]
    means = [np.zeros_like(p) for p in parameters]
    squares = [np.zeros_like(p) for p in parameters]
    steps, step = EPOCHS * (len(x) // BATCH), 0
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for start in range(0, len(x) - BATCH + 1, BATCH):
            chosen = order[start:start + BATCH]
            logits, trace = forward(layers, distort(x[chosen], rng))
            odds = np.exp(logits - logits.max(axis=1, keepdims=True))
            gradient = (odds / odds.sum(axis=1, keepdims=True) - targets[chosen]) / BATCH
            gradients = [g for layer in backward(layers, trace, gradient) for g in layer]
            step += 1
            rate = RATE * (1 + np.cos(np.pi * step / steps)) / 2
            for p, g, mean, square in zip(parameters, gradients, means, squares):
                mean += 0.1 * (g - mean)
                square += 0.001 * (g * g - square)
                unbiased = mean / (1 - 0.9 ** step) / (np.sqrt(square / (1 - 0.999 ** step)) + 1e-8)
                p -= (rate * (unbiased + DECAY * p)).astype(np.float32)
    return layers


# --- quantisation and export -------------------------------------------------------------------------------------

def quantise(layers, x):
    """The ONNX graph in integers; the pictures x tell how far each activation reaches."""
    nodes, constants, values = [], [], []

    def constant(name, value, dtype):
        constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def node(operator, inputs, name, shape, domain="", output=None, kind=TensorProto.UINT8, **attributes):
        output = output or f"{name}_out"
        nodes.append(helper.make_node(operator, inputs, [output], name=name, domain=domain, **attributes))
        values.append(helper.make_tensor_value_info(output, kind, shape))
        return output

    def scaled(name, scale, zero):
        return [constant(f"{name}_scale", scale, np.float32), constant(f"{name}_zero", zero, np.uint8)]

    def weighted(name, w, b, scale, input_scale):
        """The constants of a layer: integer weights, their scale and zero point, and the bias in units of the sum."""
        integers = np.clip(np.rint(w / scale), -WEIGHT_LIMIT, WEIGHT_LIMIT)
        weights = [constant(f"{name}_w", integers, np.int8), constant(f"{name}_w_scale", np.squeeze(scale), np.float32),
                   constant(f"{name}_w_zero", 0, np.int8)]
        return weights, constant(f"{name}_b", np.rint(b / (input_scale * np.squeeze(scale))), np.int32)

    _, trace = forward(layers, x)
    tensor, scale, size = "image", np.float32(1 / 255), 8
    quantised = scaled(tensor, scale, 0)
    for k, pooled in enumerate(POOLED):
        name, (w, b), y = f"conv{k + 1}", layers[k], trace[k][1]
        kernel = w.reshape(3, 3, -1, y.shape[-1]).transpose(3, 2, 0, 1)  # ONNX wants [output, input, row, column]
        w_scale = np.abs(kernel).max(axis=(1, 2, 3), keepdims=True) / np.float32(WEIGHT_LIMIT)
        weights, bias = weighted(name, kernel, b, w_scale, scale)
        # Zero point 0: everything below zero saturates there, which is the Relu.
        out_scale = y.max() / np.float32(255)
        out_quantised = scaled(f"{name}_y", out_scale, 0)
        tensor = node("QLinearConv", [tensor, *quantised, *weights, *out_quantised, bias], name,
                      [1, y.shape[-1], size, size], kernel_shape=[3, 3], pads=[1, 1, 1, 1])
        scale, quantised = out_scale, out_quantised
        if pooled:
            size //= 2
            tensor = node("MaxPool", [tensor], f"pool{k + 1}", [1, y.shape[-1], size, size],
                          kernel_shape=[2, 2], strides=[2, 2])
    w, b = layers[-1]
    tensor = node("Flatten", [tensor], "flatten", [1, len(w)])
    matrix = w.reshape(size, size, -1, 10).transpose(2, 0, 1, 3).reshape(len(w), 10)  # Flatten puts channels first
    weights, bias = weighted("dense", matrix, b, np.abs(matrix).max() / np.float32(WEIGHT_LIMIT), scale)
    low, high = trace[-1][1].min(), trace[-1][1].max()
    logit_scale = (high - low) / np.float32(255)
    logit_quantised = scaled("dense_y", logit_scale, np.rint(-low / logit_scale))
    tensor = node("QGemm", [tensor, *quantised, *weights, bias, *logit_quantised], "dense", [1, 10],
                  domain="com.microsoft", alpha=1.0, transA=0, transB=0)
    node("DequantizeLinear", [tensor, *logit_quantised], "dequantize", [1, 10], output="logits", kind=TensorProto.FLOAT)

    image = helper.make_tensor_value_info("image", TensorProto.UINT8, [1, 1, 8, 8])
    graph = helper.make_graph(nodes, "digits", [image], values[-1:], constants, value_info=values[:-1])
    opsets = [helper.make_opsetid("", 13), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8,
                              doc_string=f"Handwritten digits. Trained on {SOURCE}. Licence of the data: {LICENCE}.")
    checker.check_model(model)
    return model


# --- files -------------------------------------------------------------------------------------------------------

def write_held_back(pictures, labels):
    """One contact sheet with its labels, and a few pictures to try by hand."""
    rows = -(-len(labels) // SHEET_COLUMNS)
    tiles = np.zeros((rows * SHEET_COLUMNS, 8, 8), np.uint8)
    tiles[:len(pictures)] = pictures
    sheet = tiles.reshape(rows, SHEET_COLUMNS, 8, 8).transpose(0, 2, 1, 3).reshape(rows * 8, SHEET_COLUMNS * 8)
    Image.fromarray(sheet).save(HERE / "held-back.png")
    lines = [", ".join(map(str, labels[i:i + SHEET_COLUMNS])) for i in range(0, len(labels), SHEET_COLUMNS)]
    facts = {"source": SOURCE, "licence": LICENCE, "tile": 8, "columns": SHEET_COLUMNS, "labels": []}
    text = json.dumps(facts, indent=2).replace("[]", "[\n    " + ",\n    ".join(lines) + "\n  ]")
    (HERE / "held-back.json").write_text(text + "\n")

    (HERE / "pictures").mkdir(exist_ok=True)
    for digit, name in enumerate(NAMES):
        for k, index in enumerate(np.flatnonzero(labels == digit)[:2 if digit in (4, 7) else 1]):
            Image.fromarray(pictures[index]).save(HERE / "pictures" / f"{name}-{k + 1}.png")


def main():
    data = load_digits()
    pictures, labels = np.rint(data.images * 255 / 16).astype(np.uint8), data.target
    learnt, held = train_test_split(np.arange(len(labels)), test_size=1 / 3, stratify=labels, random_state=SEED)
    learnt, held = np.sort(learnt), np.sort(held)
    x = pictures[..., None].astype(np.float32) / 255
    layers = train(x[learnt], labels[learnt])
    for name, part in ("learnt", learnt), ("held back", held):
        right = (forward(layers, x[part])[0].argmax(axis=1) == labels[part]).sum()
        print(f"{name}: {right} of {len(part)} right before quantisation")
    save(quantise(layers, x[learnt]), str(HERE / "digits.onnx"))
    write_held_back(pictures[held], labels[held])


if __name__ == "__main__":
    main()
