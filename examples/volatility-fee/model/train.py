#!/usr/bin/python3
"""Train a small network that forecasts volatility from 32 returns, and write it as an int8 ONNX file.

Data     Synthetic: paths of GARCH(1,1) whose parameters are drawn anew for each path, as `paths` says. No market was
         looked at, so the model knows what such paths do, and nothing else.
Run      apt-get install python3-numpy python3-onnx libopenblas0
         /usr/bin/python3 train.py
Time     half a minute on one core; the same Debian packages give the same bytes every time.

Writes volatility.onnx next to this script. How well it forecasts is measured by ../test/model.test.ts.
"""

import os
from pathlib import Path

# Float sums depend on the order of their terms: one thread and one kernel keep that order the same on every run and
# on every x86-64 processor with AVX2. OpenBLAS reads these settings when numpy loads it.
os.environ.update(OPENBLAS_NUM_THREADS="1", OPENBLAS_CORETYPE="Haswell")

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

HERE = Path(__file__).resolve().parent

SEED = 0
RETURNS = 32  # that the model sees
WARM_UP = 100  # steps of a path before them, so that its variance has forgotten where it began
WIDTHS = [RETURNS, 32, 16, 1]
STEPS, BATCH, RATE = 12_000, 512, 3e-3
CALIBRATION = 20_000  # paths that tell how far each activation reaches
INPUT_SCALE, INPUT_ZERO = np.float32(1 / 2048), 128  # returns from -6.25 % to 6.20 %, in steps of 0.05 points
WEIGHT_LIMIT = 64  # not 127: two products with uint8 then fit the 16-bit sums of x86 processors without VNNI


def paths(count, rng):
    """So many times 32 returns in per cent, and the volatility of the next one, which nobody sees in real life."""
    long_run = np.exp(rng.normal(0, 0.4, count))  # per cent per step; median 1
    alpha = rng.uniform(0.05, 0.2, count)
    beta = rng.uniform(0.9, 0.98, count) - alpha
    omega = long_run**2 * (1 - alpha - beta)
    variance = long_run**2
    returns = np.empty((WARM_UP + RETURNS, count))
    for step in returns:
        step[:] = np.sqrt(variance) * rng.standard_normal(count)
        variance = omega + alpha * step**2 + beta * variance
    return returns[WARM_UP:].T.astype(np.float32), np.sqrt(variance).astype(np.float32)


def seen(returns):
    """The returns as they are after quantisation, in per cent: what the network is trained on is what it will get."""
    steps = np.rint(returns / (100 * INPUT_SCALE)) + INPUT_ZERO
    return ((np.clip(steps, 0, 255) - INPUT_ZERO) * 100 * INPUT_SCALE).astype(np.float32)


def forward(layers, x):
    """What each layer gets, and at last the forecast. Every layer ends with a Relu: a volatility is not negative."""
    trace = [x]
    for w, b in layers:
        trace.append(np.maximum(trace[-1] @ w + b, 0))
    return trace


def train():
    """Adam with a cosine schedule on squared errors; each batch is of paths that were not there before."""
    rng = np.random.default_rng(SEED)
    layers = [(rng.normal(0, np.sqrt(2 / i), (i, o)).astype(np.float32), np.zeros(o, np.float32))
              for i, o in zip(WIDTHS, WIDTHS[1:])]
    layers[-1][1][:] = 1  # a last Relu that is silent from the beginning would never learn
    parameters = [p for layer in layers for p in layer]
    means, squares = [np.zeros_like(p) for p in parameters], [np.zeros_like(p) for p in parameters]
    for step in range(1, STEPS + 1):
        returns, truth = paths(BATCH, rng)
        trace = forward(layers, seen(returns))
        gradient = 2 * (trace[-1] - truth[:, None]) / BATCH
        gradients = []
        for (w, _), x, y in list(zip(layers, trace, trace[1:]))[::-1]:
            gradient = gradient * (y > 0)
            gradients = [x.T @ gradient, gradient.sum(axis=0), *gradients]
            gradient = gradient @ w.T
        rate = RATE * (1 + np.cos(np.pi * step / STEPS)) / 2
        for p, g, mean, square in zip(parameters, gradients, means, squares):
            mean += 0.1 * (g - mean)
            square += 0.001 * (g * g - square)
            unbiased = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
            p -= (rate * unbiased).astype(np.float32)
    return layers


def quantise(layers, trace):
    """The ONNX graph in integers; what the layers gave on many paths tells how far each activation reaches."""
    nodes, constants, values = [], [], []

    def constant(name, value, dtype):
        constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def node(operator, inputs, name, width, output=None, kind=TensorProto.UINT8, **attributes):
        output = output or f"{name}_out"
        nodes.append(helper.make_node(operator, inputs, [output], name=name, **attributes))
        values.append(helper.make_tensor_value_info(output, kind, [1, width]))
        return output

    def scaled(name, scale, zero):
        return [constant(f"{name}_scale", scale, np.float32), constant(f"{name}_zero", zero, np.uint8)]

    scale, quantised = INPUT_SCALE, scaled("returns", INPUT_SCALE, INPUT_ZERO)
    tensor = node("QuantizeLinear", ["returns", *quantised], "quantize", RETURNS)
    for k, ((w, b), y) in enumerate(zip(layers, trace[1:])):
        name, first, last = f"dense{k + 1}", k == 0, k == len(layers) - 1
        w = w * 100 if first else w  # the network was trained on per cent, and gets shares of 1
        w, b, y = (w / 100, b / 100, y / 100) if last else (w, b, y)  # and gives a share of 1
        w_scale = np.maximum(np.abs(w).max(axis=0), 1e-6).astype(np.float32) / np.float32(WEIGHT_LIMIT)
        weights = [constant(f"{name}_w", np.clip(np.rint(w / w_scale), -WEIGHT_LIMIT, WEIGHT_LIMIT), np.int8),
                   constant(f"{name}_w_scale", w_scale, np.float32),
                   constant(f"{name}_w_zero", np.zeros(len(w_scale)), np.int8)]
        bias = constant(f"{name}_b", np.rint(b / (scale * w_scale)), np.int32)
        # Zero point 0: everything below zero saturates there, which is the Relu. Beyond the percentile it saturates, too.
        scale = np.float32(np.percentile(y, 99.99) / 255)
        out = scaled(f"{name}_y", scale, 0)
        tensor = node("QGemm", [tensor, *quantised, *weights, bias, *out], name, w.shape[1],
                      domain="com.microsoft", alpha=1.0, transA=0, transB=0)
        quantised = out
    node("DequantizeLinear", [tensor, *quantised], "dequantize", 1, output="volatility", kind=TensorProto.FLOAT)

    returns = helper.make_tensor_value_info("returns", TensorProto.FLOAT, [1, RETURNS])
    graph = helper.make_graph(nodes, "volatility", [returns], values[-1:], constants, value_info=values[:-1])
    opsets = [helper.make_opsetid("", 13), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8,
                              doc_string="Volatility of the next return. Trained on synthetic GARCH(1,1) paths.")
    checker.check_model(model)
    return model


def main():
    layers = train()
    returns, truth = paths(CALIBRATION, np.random.default_rng(SEED + 1))
    trace = forward(layers, seen(returns))
    error = np.sqrt(np.mean((trace[-1][:, 0] - truth) ** 2))
    print(f"before quantisation: {error:.4f} points of error on {CALIBRATION} paths")
    save(quantise(layers, trace), str(HERE / "volatility.onnx"))


if __name__ == "__main__":
    main()
