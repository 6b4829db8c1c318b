#!/usr/bin/python3
"""Train a small PyTorch network on handwritten digits and export it as one ONNX file.

Run      apt-get install python3-torch python3-sklearn python3-onnx
         /usr/bin/python3 from_pytorch.py pytorch.onnx

The module that is exported ends with argmax: nodes agree on a class even where their processors round a float
differently.
"""

import sys

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

torch.manual_seed(0)


class Reader(nn.Module):
    """What is published: the classifier, and the choice of a class."""

    def __init__(self, classifier: nn.Module):
        super().__init__()
        self.classifier = classifier

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.classifier(pixels).argmax(dim=1)


classifier = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 4 * 4, 10)
)
digits = load_digits()
pixels = torch.tensor(digits.images / 16, dtype=torch.float32).unsqueeze(1)
split = train_test_split(pixels, torch.tensor(digits.target), test_size=1 / 3, random_state=0)
x, held_back, y, truth = split
optimiser = torch.optim.Adam(classifier.parameters(), lr=1e-2)
for _ in range(150):
    optimiser.zero_grad()
    nn.functional.cross_entropy(classifier(x), y).backward()
    optimiser.step()

reader = Reader(classifier).eval()
torch.onnx.export(
    reader, pixels[:1], sys.argv[1], input_names=["pixels"], output_names=["digit"], opset_version=13
)
score = (reader(held_back) == truth).float().mean().item()
print(f"{sys.argv[1]}: {score:.1%} of {len(truth)} held-back digits")
