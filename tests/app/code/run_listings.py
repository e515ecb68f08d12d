"""Runs what `attentionscope code` writes and compares every stage.

    python3 run_listings.py PROGRAM FRAMEWORK FILE...

The reference cases FILE... are compared with their expected numbers; settings that no reference case has, with what
`attentionscope trace` computes. The tolerance is that of the reference files: 1e-5 (1e-4 where scores are huge) of
the largest number of a stage. Prints one line for each stage that is wrong, and exits 1 then, or where nothing was
compared.
TensorFlow is in no Debian package: where it is not installed, tensorflow_stand_in.py, which keeps its rules of types
and shapes, takes its place.
"""
import contextlib
import importlib.util
import io
import json
import os
import pathlib
import runpy
import subprocess
import sys
import tempfile
import warnings

import numpy as np


def as_array(value):
    """An array of NumPy, whatever made it."""
    return np.asarray(value.detach().numpy() if hasattr(value, "detach") else value)


def expected_array(values):
    def number(value):
        return -np.inf if value is None else float(value)

    def nested(value):
        return [nested(v) for v in value] if isinstance(value, list) else number(value)

    return np.array(nested(values), dtype=np.float64)


def compare(name, found, expected, hidden, factor):
    """What is wrong with one stage, or nothing."""
    if found.dtype != np.float32:
        return f"{name}: {found.dtype}, not float32"
    if found.ndim == expected.ndim - 1 and expected.shape[0] == 1:
        found = found[None]  # one head has no axis of its own
    if found.shape != expected.shape:
        return f"{name}: {found.shape}, expected {expected.shape}"
    if not np.array_equal(np.isneginf(found), np.isneginf(expected)):
        return f"{name}: other cells are minus infinity"
    seen = np.isfinite(expected)
    if hidden is not None and name == "masked":
        if not np.array_equal(found == np.float32(hidden), expected == hidden):
            return f"{name}: other cells are hidden"
        seen &= expected != hidden
    if not seen.any():
        return None
    largest = np.abs(expected[seen]).max()
    error = np.abs(found[seen].astype(np.float64) - expected[seen])
    bound = factor * max(1.0, largest)
    if not (error.max() <= bound):
        return f"{name}: {error.max():.3g} off, allowed are {bound:.3g}"
    return None


def run_listing(program, framework, file, folder):
    """The variables that the listing of a scenario leaves."""
    listing = folder / "listing.py"
    subprocess.run(
        [program, "code", file, "--framework", framework, "-o", listing], check=True, stderr=subprocess.DEVNULL
    )
    if "np.load" in listing.read_text(encoding="utf-8"):
        subprocess.run([program, "trace", file, "-o", folder / (pathlib.Path(file).stem + ".npz")], check=True)
    with contextlib.redirect_stdout(io.StringIO()) as printed, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an overflow that a scenario is there to show
        stages = runpy.run_path(str(listing))
    if "weights" not in printed.getvalue() or "output" not in printed.getvalue():
        raise AssertionError("the program prints no weights and no output")
    return stages


def problems(stages, expected, hidden):
    """What is wrong with the stages, one line each."""
    wrong = []
    scaled = as_array(stages["scaled"])
    scaled = scaled[np.isfinite(scaled)]
    factor = 1e-4 if scaled.size and np.abs(scaled).max() > 100 else 1e-5
    for name, values in expected.items():
        problem = compare(name, as_array(stages[name]), values, hidden, factor) if name in stages else f"no {name}"
        if problem:
            wrong.append(problem)
    return wrong


def hidden_value(scenario):
    return scenario.get("attention", {}).get("mask", {}).get("hidden_value")


def reference_case(program, framework, file, folder):
    """How many stages were compared, and what is wrong with them."""
    case = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    stages = run_listing(program, framework, file, folder)
    expected = {
        name: expected_array(values) for name, values in case["expected"].items() if not name.startswith("grad_")
    }
    return len(expected), problems(stages, expected, hidden_value(case["scenario"]))


def more_scenarios():
    """Settings, and sizes past what stands in a program, that the reference cases leave out."""
    random = np.random.default_rng(1)

    def matrix(rows, columns):
        return np.round(random.normal(size=(rows, columns)), 3).tolist()

    def scenario(attention, n=4, d=4, m=None, weights=None):
        made = {"format": "attention-scenario", "version": 1, "tokens": [f"t{i}" for i in range(n)], "x": matrix(n, d)}
        if m:
            made["source"] = {"tokens": [f"s{j}" for j in range(m)], "x": matrix(m, d)}
        return made | {"attention": attention, "weights": weights or {}}

    yield "hostile_texts", scenario({}) | {
        "title": "# -*- coding: latin-1 -*-\nimport os",
        "tokens": ["\n1/0", '"""', "\\", "\u202e#\u2028x"],
    }
    yield "one_head_alibi", scenario({"position": "alibi", "mask": {"causal": True, "window": 1}})
    yield "one_head_dropout", scenario({"dropout": {"p": 0.5, "seed": 9007199254740991}})
    yield "cross_dropout", scenario({"heads": 2, "dropout": {"p": 0.25, "seed": 7}}, m=3)
    yield "kv_cross_sinusoidal", scenario(
        {"heads": 4, "kv_heads": 2, "position": "sinusoidal"},
        m=5,
        weights={"w_q": matrix(4, 8), "w_k": matrix(4, 4), "w_v": matrix(4, 6), "w_o": matrix(12, 3)},
    )
    hidden = {"allow": [[1, 1, 0, 1], [0, 0, 0, 0], [1, 1, 0, 0], [1, 0, 0, 1]]}
    for normalise in ("softmax", "softmax_without_max", "none"):
        for axis in ("keys", "queries"):
            yield f"hidden_{normalise}_{axis}", scenario(
                {"heads": 2, "normalise": normalise, "softmax_axis": axis, "mask": hidden}
            )
    yield "overflow", scenario({"normalise": "softmax_without_max", "scale": 1000, "mask": {"causal": True}})
    yield "mean_of_one_head", scenario({"combine": "mean"})
    yield "features_identity", scenario({"attend_over": "features"}, weights={"b_q": [1, 0, -1, 2], "b_o": [1, 1, 1, 1]})
    yield "additive_one_head", scenario(
        {"score": "additive", "temperature": 0.5},
        weights={"additive": {"w_q": matrix(4, 3), "w_k": matrix(4, 3), "v": [1, -1, 0.5]}},
    )
    yield "bilinear_one_head", scenario({"score": "bilinear", "scale": -0.5}, weights={"bilinear": matrix(4, 4)})
    n = 40
    yield "long", scenario(
        {
            "heads": 4,
            "score": "additive",
            "mask": {
                "padding": [j >= n - 3 for j in range(n)],
                "allow": [[int((i + j) % 7 != 0) for j in range(n)] for i in range(n)],
                "hidden_value": -2.5,
            },
        },
        n=n,
        d=80,
        weights={
            "w_q": matrix(80, 80),
            "b_v": matrix(1, 80)[0],
            "additive": {"w_q": matrix(20, 17), "w_k": matrix(20, 17), "v": matrix(1, 17)[0]},
        },
    )


def other_case(program, framework, name, scenario, folder):
    file = folder / f"{name}.json"
    file.write_text(json.dumps(scenario), encoding="utf-8")
    subprocess.run([program, "trace", file, "-o", folder / f"{name}.npz"], check=True)
    with np.load(folder / f"{name}.npz") as trace:
        expected = {
            array: trace[array].astype(np.float64)
            for array in trace.files
            if array not in ("tokens", "source_tokens", "scenario")
        }
    stages = run_listing(program, framework, file, folder)
    return len(expected), problems(stages, expected, hidden_value(scenario))


def main():
    program, framework, *files = sys.argv[1:]
    program = os.path.abspath(program)
    if framework == "tensorflow" and importlib.util.find_spec("tensorflow") is None:
        sys.path.insert(0, str(pathlib.Path(__file__).parent))
        sys.modules["tensorflow"] = __import__("tensorflow_stand_in")
    cases = [(pathlib.Path(file).name, reference_case, (os.path.abspath(file),)) for file in files]
    cases += [(name, other_case, (name, scenario)) for name, scenario in more_scenarios()]
    total = 0
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, check, arguments in cases:
            try:
                compared, wrong = check(program, framework, *arguments, pathlib.Path(folder))
            except Exception as error:  # whatever the program raises is this case's failure
                compared, wrong = 0, [f"{type(error).__name__}: {error}"]
            if not compared and not wrong:
                wrong = ["nothing was compared"]
            for line in wrong:
                print(f"{name}: {line}")
            total += compared
            bad += bool(wrong)
        os.chdir("/")
    print(f"{len(cases) - bad} of {len(cases)} listings in {framework} give the right numbers, {total} stages compared")
    sys.exit(1 if bad or not files else 0)


main()
