#!/usr/bin/env python3
"""The forward pass of this program beside PyTorch's on the same processor, in the same minutes.

    python3 tests/bench/compare.py [PROGRAM] [--rounds 7] [--threads 1]
    python3 tests/bench/compare.py --gpu [PROGRAM] [--rounds 7] [--json FILE]

PROGRAM is build/release/app/attentionscope unless named. Needs PyTorch (Debian: python3-torch, and
libopenblas0-pthread, without which Debian's PyTorch multiplies with the slow reference BLAS). Both keep every
stage: q, k, v, scores, scaled, masked, weights, head outputs, side by side, output. PyTorch is timed twice: as
people write it, each stage a new tensor, and with `out=` into tensors that were there before. The two programs
take turns, round by round; a figure is the processor time of one thread (of the clock on the wall with --threads
2 or more), the median over the rounds.

With --gpu it is the GPU's turn: the product of two matrices, softmax and the forward pass, by the device's own
clock, PyTorch with CUDA and plain float32 (TF32 off), which is what OpenGL reaches too.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import time

SIZES = [(3, 64, 1), (128, 512, 8), (512, 768, 12), (1024, 768, 12), (2048, 768, 12), (4096, 512, 8)]
ROOT = pathlib.Path(__file__).resolve().parents[2]


class Layer:
    """One causal attention layer in PyTorch; the same for every round."""

    def __init__(self, torch, n, d, heads):
        self.torch, self.n, self.d, self.heads = torch, n, d, heads
        torch.manual_seed(1)
        spread = 1 / math.sqrt(d)
        self.x, self.w_q, self.w_k, self.w_v, self.w_o = (
            (torch.rand(rows, d) * 2 - 1) * spread for rows in (n, d, d, d, d))
        self.factor = 1 / math.sqrt(d // heads)
        self.mask = torch.full((n, n), -math.inf).triu(1)
        self.out = None

    def by_heads(self, m):
        return m.view(self.n, self.heads, self.d // self.heads).transpose(0, 1)

    def fresh(self):
        torch = self.torch
        q, k, v = self.x @ self.w_q, self.x @ self.w_k, self.x @ self.w_v
        scores = self.by_heads(q) @ self.by_heads(k).transpose(1, 2)
        scaled = scores * self.factor
        masked = scaled + self.mask
        weights = torch.softmax(masked, dim=-1)
        heads = weights @ self.by_heads(v)
        concat = heads.transpose(0, 1).reshape(self.n, self.d)
        output = concat @ self.w_o
        return q, k, v, scores, scaled, masked, weights, heads, concat, output

    def preallocated(self):
        torch = self.torch
        if self.out is None:
            self.out = [t.clone() for t in self.fresh()]
        q, k, v, scores, scaled, masked, weights, heads, concat, output = self.out
        for w, result in ((self.w_q, q), (self.w_k, k), (self.w_v, v)):
            torch.mm(self.x, w, out=result)
        torch.bmm(self.by_heads(q), self.by_heads(k).transpose(1, 2), out=scores)
        torch.mul(scores, self.factor, out=scaled)
        torch.add(scaled, self.mask, out=masked)
        torch._softmax(masked, -1, False, out=weights)
        torch.bmm(weights, self.by_heads(v), out=heads)
        concat.view(self.n, self.heads, self.d // self.heads).copy_(heads.transpose(0, 1))
        torch.mm(concat, self.w_o, out=output)
        return self.out


def seconds(run, clock, shortest=0.02):
    """Seconds that one run takes, repeated often enough to be measured."""
    run()
    repeats = 1
    while True:
        start = clock()
        for _ in range(repeats):
            run()
        lasted = clock() - start
        if lasted >= shortest:
            return lasted / repeats
        repeats *= 4


def program_seconds(program, n, d, heads, threads):
    case = f"forward, n {n}, d {d}, heads {heads}, causal" + (", all threads" if threads > 1 else "")
    answer = subprocess.run([program, "bench", "--json", "--rounds", "1", "--only", case],
                            check=True, capture_output=True, text=True)
    found = [c for c in json.loads(answer.stdout)["cases"] if c["name"] == case]
    return found[0]["median_seconds"] if found else None


def text(value):
    return f"{value * 1e6:.1f} µs" if value < 1e-3 else f"{value * 1e3:.2f} ms"


GPU_CASES = ["GEMM 4096 x 4096 x 4096", "softmax, 12 x 4096 x 4096", "forward, n 4096, d 768, heads 12"]


def cuda_seconds(torch, run):
    """Seconds of one run by events on the device, after one that is not counted."""
    run()
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    torch.cuda.synchronize()
    start.record()
    run()
    end.record()
    torch.cuda.synchronize()
    return start.elapsed_time(end) / 1e3


def gpu_program_seconds(program):
    """The median of one round of each case, by its name. Of a case in several ways the fastest counts."""
    answer = subprocess.run([program, "bench", "--gpu", "--json", "--rounds", "3"],
                            check=True, capture_output=True, text=True)
    found = {}
    for case in json.loads(answer.stdout)["cases"]:
        for name in GPU_CASES:
            if case["name"] == name or case["name"] == name + ", subgroups":
                found[name] = min(case["median_seconds"], found.get(name, math.inf))
    return found


def compare_gpu(options):
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: nothing to compare with")
        return
    if not torch.cuda.is_available():
        print(f"PyTorch {torch.__version__} has no CUDA here: nothing to compare with")
        return
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.set_grad_enabled(False)
    torch.set_default_device("cuda")
    a, b = torch.rand(4096, 4096), torch.rand(4096, 4096)
    product = torch.empty(4096, 4096)
    scores = torch.rand(12, 4096, 4096)
    weights = torch.empty_like(scores)
    layer = Layer(torch, 4096, 768, 12)
    layer.mask = torch.zeros(1, 1)  # the program's case hides nothing
    runs = [lambda: torch.mm(a, b, out=product), lambda: torch._softmax(scores, -1, False, out=weights),
            layer.preallocated]
    ours, theirs = {name: [] for name in GPU_CASES}, {name: [] for name in GPU_CASES}
    for _ in range(options.rounds):
        for name, seconds_taken in gpu_program_seconds(options.program).items():
            ours[name].append(seconds_taken)
        for name, run in zip(GPU_CASES, runs):
            theirs[name].append(cuda_seconds(torch, run))
    print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name()}, TF32 off, {options.rounds} rounds in turn\n")
    print(f"{'':<36}{'this program':>14}{'PyTorch':>14}{'ratio':>8}")
    result = []
    for name in GPU_CASES:
        if not ours[name]:
            continue
        mine, other = statistics.median(ours[name]), statistics.median(theirs[name])
        result.append({"name": name, "seconds": mine, "pytorch_seconds": other})
        print(f"{name:<36}{text(mine):>14}{text(other):>14}{other / mine:>8.2f}")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({"pytorch": torch.__version__, "cases": result}, indent=1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", nargs="?", default=str(ROOT / "build/release/app/attentionscope"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--gpu", action="store_true")
    parser.add_argument("--json", help="of --gpu: a file for the figures")
    options = parser.parse_args()
    if not os.access(options.program, os.X_OK):
        sys.exit(f"{options.program}: not there; build it first (cmake --preset release)")
    if options.gpu:
        compare_gpu(options)
        return
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed (Debian: apt-get install python3-torch libopenblas0-pthread): nothing to compare with")
        return
    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    clock = time.thread_time if options.threads == 1 else time.monotonic

    print(f"PyTorch {torch.__version__}, {options.threads} thread(s), {options.rounds} rounds in turn; medians\n")
    print(f"{'n, d, heads':<16}{'this program':>14}{'PyTorch out=':>16}{'ratio':>8}{'PyTorch':>14}{'ratio':>8}")
    for n, d, heads in SIZES:
        layer = Layer(torch, n, d, heads)
        worst = max(float((a - b).abs().nan_to_num().max()) for a, b in zip(layer.fresh(), layer.preallocated()))
        assert worst < 1e-3, f"the two ways of PyTorch differ by {worst}"
        ours, out, fresh = [], [], []
        for _ in range(options.rounds):
            ours.append(program_seconds(options.program, n, d, heads, options.threads))
            out.append(seconds(layer.preallocated, clock))
            fresh.append(seconds(layer.fresh, clock))
        if None in ours:
            continue
        a, b, c = (statistics.median(times) for times in (ours, out, fresh))
        print(f"{f'{n}, {d}, {heads}':<16}{text(a):>14}{text(b):>16}{b / a:>8.2f}{text(c):>14}{c / a:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
