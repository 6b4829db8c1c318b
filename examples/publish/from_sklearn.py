#!/usr/bin/python3
"""Train a scikit-learn classifier on handwritten digits and write it as one ONNX file.

Run      apt-get install python3-sklearn python3-onnx
         /usr/bin/python3 from_sklearn.py sklearn.onnx

The file ends with ArgMax: nodes agree on a class even where their processors round a float differently.
"""

import sys

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def to_onnx(model: MLPClassifier):
    """A multi-layer perceptron is a product and a sum for each layer, with Relu between them."""
    nodes, constants, previous = [], [], "pixels"
    for i, (weights, bias) in enumerate(zip(model.coefs_, model.intercepts_)):
        last = i == len(model.coefs_) - 1
        names = [f"weights{i}", f"bias{i}"]
        constants += [numpy_helper.from_array(a.astype(np.float32), n) for a, n in zip((weights, bias), names)]
        nodes.append(helper.make_node("Gemm", [previous, *names], [f"sum{i}"], name=f"gemm{i}"))
        if not last:
            nodes.append(helper.make_node("Relu", [f"sum{i}"], [f"layer{i}"], name=f"relu{i}"))
        previous = f"sum{i}" if last else f"layer{i}"
    nodes.append(helper.make_node("ArgMax", [previous], ["digit"], name="argmax", axis=1, keepdims=0))
    inputs = [helper.make_tensor_value_info("pixels", FLOAT, [1, 64])]
    outputs = [helper.make_tensor_value_info("digit", INT64, [1])]
    graph = helper.make_graph(nodes, "digits", inputs, outputs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


digits = load_digits()
x, held_back, y, truth = train_test_split(digits.data / 16, digits.target, test_size=1 / 3, random_state=0)
model = MLPClassifier(hidden_layer_sizes=(32,), max_iter=500, random_state=0).fit(x, y)
exported = to_onnx(model)
checker.check_model(exported)
save(exported, sys.argv[1])
print(f"{sys.argv[1]}: {model.score(held_back, truth):.1%} of {len(truth)} held-back digits")
