#!/usr/bin/python3
"""Train a small byte-level language model on the King James Version and write it as a Hugging Face checkpoint.

Data     The King James Version of the Bible, 1611, in the public domain, as shipped with Debian's bible-kjv-text.
Run      apt-get install --no-install-recommends python3-torch python3-numpy libopenblas0 bible-kjv bible-kjv-text
         /usr/bin/python3 train.py                      trains
         /usr/bin/python3 train.py "And it came to"     continues a verse with the trained model
Time     25 minutes of one core.

Writes, next to this script: config.json, model.safetensors, calibration.txt, held-back.txt and quality.json.
"""

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path

# Float sums depend on the order of their terms: one thread keeps that order the same on every run. OpenBLAS reads
# this setting when torch loads it.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

HERE = Path(__file__).resolve().parent

SEED = 0
BYTES, WIDTH, LAYERS, HEADS, INNER, CONTEXT = 256, 128, 4, 4, 256, 128
HEAD_WIDTH = WIDTH // HEADS
EPSILON, THETA = 1e-5, 10_000.0
STEPS, WARM_UP, BATCH, RATE, DECAY, CLIP = 5_500, 200, 32, 3e-3, 0.1, 1.0
HELD_BACK = 0.05  # of the verses, the last ones
HELD_BACK_BYTES, CALIBRATION_BYTES = 120_000, 60_000
END = b"\0"  # behind every verse


# --- the network; attributes are named as the tensors of a Hugging Face Llama --------------------------------------

class Norm(nn.Module):
    """RMSNorm."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPSILON) * self.weight


def linear(inputs, outputs):
    return nn.Linear(inputs, outputs, bias=False)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj, self.k_proj, self.v_proj, self.o_proj = (linear(WIDTH, WIDTH) for _ in range(4))

    def forward(self, x, cosine, sine, mask):
        windows, length, _ = x.shape

        def heads(y):
            return y.view(windows, length, HEADS, HEAD_WIDTH).transpose(1, 2)

        def turned(y):
            """Rotary positions: value i of a head turns with value i + HEAD_WIDTH / 2."""
            left, right = y.chunk(2, dim=-1)
            return y * cosine + torch.cat((-right, left), dim=-1) * sine

        q, k, v = turned(heads(self.q_proj(x))), turned(heads(self.k_proj(x))), heads(self.v_proj(x))
        weights = torch.softmax(q @ k.transpose(-1, -2) * HEAD_WIDTH ** -0.5 + mask, dim=-1)
        return self.o_proj((weights @ v).transpose(1, 2).reshape(windows, length, WIDTH))


class Mlp(nn.Module):
    """SwiGLU."""

    def __init__(self):
        super().__init__()
        self.gate_proj, self.up_proj, self.down_proj = linear(WIDTH, INNER), linear(WIDTH, INNER), linear(INNER, WIDTH)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.input_layernorm, self.self_attn = Norm(), Attention()
        self.post_attention_layernorm, self.mlp = Norm(), Mlp()

    def forward(self, x, *position):
        x = x + self.self_attn(self.input_layernorm(x), *position)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed_tokens = nn.Embedding(BYTES, WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = Norm()
        frequencies = THETA ** -(torch.arange(0, HEAD_WIDTH, 2) / HEAD_WIDTH)
        angles = torch.outer(torch.arange(CONTEXT), frequencies).repeat(1, 2)
        self.position = angles.cos(), angles.sin(), torch.full((CONTEXT, CONTEXT), -math.inf).triu(1)

    def forward(self, tokens):
        length = tokens.shape[1]
        cosine, sine, mask = self.position
        x = self.embed_tokens(tokens)
        for layer in self.layers:
            x = layer(x, cosine[:length], sine[:length], mask[:length, :length])
        return self.norm(x)


class Model(nn.Module):
    """Bytes [window, place] to logits of the byte that follows each place."""

    def __init__(self):
        super().__init__()
        self.model, self.lm_head = Decoder(), linear(WIDTH, BYTES)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                # What adds to the residual stream starts smaller, so that the stream's size is that of one layer.
                adds = name.endswith(("o_proj.weight", "down_proj.weight"))
                nn.init.normal_(weight, std=0.05 / math.sqrt(2 * LAYERS) if adds else 0.05)

    def forward(self, tokens):
        return self.lm_head(self.model(tokens))


# --- the text ----------------------------------------------------------------------------------------------------

def read_verses():
    """All verses in order, without their references ("Ge1:1 ..."), single spaces between words."""
    text = subprocess.run(["bible", "-f", "Gen1:1-Rev22:21"], check=True, capture_output=True).stdout.decode("ascii")
    return [" ".join(line.split()[1:]) for line in text.splitlines()]


def as_bytes(verses):
    joined = b"".join(verse.encode("ascii") + END for verse in verses)
    return torch.frombuffer(bytearray(joined), dtype=torch.uint8).long()


def write_texts(learnt, held):
    """What the quantisation may look at, drawn evenly from the learnt verses; and the first of the held-back ones."""
    every = len(as_bytes(learnt)) // CALIBRATION_BYTES
    (HERE / "calibration.txt").write_text("".join(verse + "\n" for verse in learnt[::every]))
    ends = np.cumsum([len(verse) + 1 for verse in held])
    (HERE / "held-back.txt").write_text("".join(verse + "\n" for verse in held[:(ends <= HELD_BACK_BYTES).sum()]))


# --- training ----------------------------------------------------------------------------------------------------

def draw(text, starts, random):
    """A batch of windows with the byte behind each; half begin at a verse, as prompts do, and half anywhere."""
    anywhere = torch.randint(len(text) - CONTEXT, (BATCH // 2,), generator=random)
    verses = starts[torch.randint(len(starts), (BATCH // 2,), generator=random)]
    windows = text[torch.cat((anywhere, verses))[:, None] + torch.arange(CONTEXT + 1)]
    return windows[:, :-1], windows[:, 1:]


def rate_at(step):
    """Rises over the warm-up, then falls along a cosine to nearly nothing."""
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    return 0.01 + 0.99 * (1 + math.cos(math.pi * (step - WARM_UP) / (STEPS - WARM_UP))) / 2


def train(text):
    """AdamW; only matrices decay."""
    random = torch.Generator().manual_seed(SEED)
    starts = torch.cat((torch.zeros(1, dtype=torch.long), (text == END[0]).nonzero()[:, 0] + 1))
    starts = starts[starts < len(text) - CONTEXT]
    model = Model()
    groups = [{"params": [p for p in model.parameters() if p.dim() == 2], "weight_decay": DECAY},
              {"params": [p for p in model.parameters() if p.dim() == 1], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), foreach=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate_at)
    began, losses = time.time(), []
    for step in range(1, STEPS + 1):
        tokens, following = draw(text, starts, random)
        loss = F.cross_entropy(model(tokens).flatten(0, 1), following.flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % 100 == 0:
            bits = np.mean(losses[-100:]) / math.log(2)
            print(f"step {step} of {STEPS}: {bits:.3f} bits per byte, {time.time() - began:.0f} s", flush=True)
    with torch.no_grad():
        # A byte that the text never uses was never learnt: it reads as a space.
        unknown = torch.bincount(text, minlength=BYTES) == 0
        model.model.embed_tokens.weight[unknown] = model.model.embed_tokens.weight[ord(" ")].clone()
    return model


# --- files -------------------------------------------------------------------------------------------------------

def write_facts(name, facts):
    """JSON in Prettier's form: one fact a line, 1e-5 for Python's 1e-05."""
    lines = [f"  {json.dumps(key)}: {json.dumps(value).replace('e-0', 'e-')}" for key, value in facts.items()]
    (HERE / name).write_text("{\n" + ",\n".join(lines) + "\n}\n")


def write_model(model):
    """The checkpoint, in the format of https://huggingface.co/docs/safetensors: an index in JSON, then the data."""
    arrays = {name: tensor.half().numpy() for name, tensor in model.state_dict().items()}
    index, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, array in arrays.items():
        index[name] = {"dtype": "F16", "shape": array.shape, "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    header = json.dumps(index).encode()
    header += b" " * (-len(header) % 8)
    data = b"".join(array.tobytes() for array in arrays.values())
    (HERE / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + data)
    write_facts("config.json", {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "float16",
        "vocab_size": BYTES, "hidden_size": WIDTH, "intermediate_size": INNER, "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS, "num_key_value_heads": HEADS, "head_dim": HEAD_WIDTH,
        "max_position_embeddings": CONTEXT, "rope_theta": THETA, "rms_norm_eps": EPSILON, "hidden_act": "silu",
        "attention_bias": False, "mlp_bias": False, "tie_word_embeddings": False,
        "bos_token_id": None, "eos_token_id": END[0],
    })


def read_model():
    """The model as stored, its weights rounded to 16 bits."""
    stored = (HERE / "model.safetensors").read_bytes()
    begin = 8 + int.from_bytes(stored[:8], "little")
    index = json.loads(stored[8:begin])
    del index["__metadata__"]
    weights = {}
    for name, entry in index.items():
        first, last = entry["data_offsets"]
        array = np.frombuffer(stored[begin + first:begin + last], np.float16).reshape(entry["shape"])
        weights[name] = torch.from_numpy(array.astype(np.float32))
    model = Model()
    model.load_state_dict(weights)
    return model


# --- use ---------------------------------------------------------------------------------------------------------

@torch.no_grad()
def measure(model):
    """How well bytes 1 to 127 of each window are foretold; the windows lie one behind the other in held-back.txt."""
    text = as_bytes((HERE / "held-back.txt").read_text().splitlines())
    windows = text[:len(text) // CONTEXT * CONTEXT].view(-1, CONTEXT)
    logits = torch.cat([model(batch) for batch in windows.split(BATCH)])[:, :-1].flatten(0, 1).double()
    following = windows[:, 1:].flatten()
    loss = F.cross_entropy(logits, following).item()
    return {"heldBackWindows": len(windows), "lossNatsPerByte": round(loss, 5),
            "bitsPerByte": round(loss / math.log(2), 5),
            "accuracy": round((logits.argmax(-1) == following).double().mean().item(), 5)}


@torch.no_grad()
def complete(model, prompt):
    """The likeliest byte, again and again, until the verse ends or the window is full."""
    text = list(prompt.encode())
    while len(text) < CONTEXT and (following := model(torch.tensor([text]))[0, -1].argmax().item()) != END[0]:
        text.append(following)
    return bytes(text).decode(errors="replace")


def main():
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    if sys.argv[1:]:
        print(complete(read_model(), sys.argv[1]))
        return
    verses = read_verses()
    kept = round(len(verses) * (1 - HELD_BACK))
    write_texts(verses[:kept], verses[kept:])
    write_model(train(as_bytes(verses[:kept])))
    quality = measure(read_model())
    write_facts("quality.json", quality)
    print(quality)


if __name__ == "__main__":
    main()
