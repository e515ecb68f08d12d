"""Writes the arrays beside this file, as people save them with NumPy: python3 make.py

Needs numpy and torch; the files are kept, so that the tests need neither. The expected numbers in
import_test.cpp were printed by this script.
"""

import pathlib

import numpy as np
import torch

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(7)


def softmax(scores):
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    return scores / scores.sum(-1, keepdims=True)


def heads(h, n, d):
    return rng.normal(size=(h, n, d)).astype(np.float32)


# q, k and v of two heads, with the attention weights and outputs that NumPy makes of them. q lies in Fortran order.
q, k, v = heads(2, 5, 4), heads(2, 5, 4), heads(2, 5, 3)
alpha = softmax(q.astype(np.float64) @ k.transpose(0, 2, 1) / np.sqrt(4))
out = np.concatenate(list(alpha @ v), axis=-1)
np.savez_compressed(here / "qkv.npz", q=np.asfortranarray(q), k=k, v=v, weights=alpha.astype(np.float32), output=out)
print("qkv weights[1, 4, 0] =", alpha[1, 4, 0], " output[2, 5] =", out[2, 5])

# The same numbers in files of their own, of several types: (n, heads·d), float64 in Fortran order, big endian.
side_by_side = q.transpose(1, 0, 2).reshape(5, 8)
np.save(here / "q.npy", np.asfortranarray(side_by_side.astype(np.float64)))
np.save(here / "k.npy", k.astype(">f4"))
np.save(here / "v.npy", v)

# A layer of PyTorch and what it answers: averaged attention weights, as it gives them unless told otherwise.
torch.manual_seed(3)
layer = torch.nn.MultiheadAttention(8, 2)
with torch.no_grad():
    for parameter in layer.parameters():
        parameter.copy_(torch.randn(parameter.shape) * 0.6)
    x = torch.randn(6, 1, 8)
    output, weights = layer(x, x, x)
state = {name: value.numpy() for name, value in layer.state_dict().items()}
np.savez(here / "torch_layer.npz", x=x.numpy(), num_heads=layer.num_heads, attn_output=output.numpy(),
         attn_output_weights=weights.numpy(), **state)
print("torch output[5, 7] =", output[5, 0, 7].item(), " averaged weights[3, 1] =", weights[0, 3, 1].item())
np.savez(here / "torch_state.npz", **{f"layers.0.self_attn.{name}": value for name, value in state.items()})

# Cross-attention whose keys and values are as wide as their own sequences: three projections instead of one.
cross = torch.nn.MultiheadAttention(4, 1, kdim=3, vdim=3, bias=False)
with torch.no_grad():
    query, memory = torch.randn(2, 1, 4), torch.randn(5, 1, 3)
    answer, _ = cross(query, memory, memory)
np.savez(here / "torch_cross.npz", x=query.numpy(), memory=memory.numpy(), num_heads=1, attn_output=answer.numpy(),
         **{name: value.numpy() for name, value in cross.state_dict().items()})

# Grouped heads under a causal mask.
q, k, v = heads(4, 3, 2), heads(2, 3, 2), heads(2, 3, 2)
scores = q.astype(np.float64) @ np.repeat(k, 2, axis=0).transpose(0, 2, 1) / np.sqrt(2)
scores[:, np.triu_indices(3, 1)[0], np.triu_indices(3, 1)[1]] = -np.inf
np.savez(here / "grouped.npz", q=q, k=k, v=v, weights=softmax(scores).astype(np.float32))

# Attention weights alone: causal heads; a batch of one with words on both sides; float16; after dropout.
causal = np.tril(rng.random((2, 4, 4)))
causal = causal / causal.sum(-1, keepdims=True)
np.save(here / "weights.npy", causal.astype(np.float32))
between = softmax(rng.normal(size=(1, 2, 3, 4)))
np.savez(here / "translation.npz", cross_attn=np.zeros(3), attn=between.astype(np.float32),
         tokens=np.array(["the", "red", "house"]), source_tokens=np.array(["la", "maison", "rouge", "。"]))
np.save(here / "layer11.npy", softmax(rng.normal(size=(3, 6, 6))).astype(np.float16))
dropped = softmax(rng.normal(size=(2, 4, 4))) * (rng.random((2, 4, 4)) > 0.3) / 0.7
np.save(here / "attn_weights.npy", dropped.astype(np.float32))
