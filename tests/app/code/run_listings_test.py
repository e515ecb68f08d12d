"""A listing with a fault in it must be found: run_listings.py against a program that writes wrong code.

    python3 run_listings_test.py PROGRAM CASE
"""
import pathlib
import stat
import subprocess
import sys
import tempfile

FAULTS = {
    "a wrong scale": ("math.sqrt(d_k)", "d_k"),
    "a mask that sees too much": ("j <= i", "j <= i + 1"),
    "a softmax over the other axis": ("axis=-1", "axis=-2"),
    "a transposed product": ("k.swapaxes(-1, -2)", "k.reshape(2, 4, 9)"),
    "a stage without its variable": ("concat = ", "joined = "),
    "double precision": ("dtype=np.float32", "dtype=np.float64"),
    "no output": ('print("output"', 'str("output"'),
    "no program at all": ("import numpy as np", "import nothing as np"),
}


def outcome(program, case):
    script = pathlib.Path(__file__).with_name("run_listings.py")
    return subprocess.run(
        [sys.executable, script, program, "numpy", case], capture_output=True, text=True, check=False
    )


def main():
    program, case = (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:])
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        wrong = pathlib.Path(folder) / "wrong"
        for fault, (right, instead) in FAULTS.items():
            # Stands where the program stands, and puts one fault into what it writes.
            wrong.write_text(
                f"#!{sys.executable}\nimport pathlib, subprocess, sys\n"
                f"subprocess.run([{program!r}, *sys.argv[1:]], check=True)\n"
                f"if sys.argv[1] == 'code':\n"
                f"    file = pathlib.Path(sys.argv[sys.argv.index('-o') + 1])\n"
                f"    file.write_text(file.read_text(encoding='utf-8').replace({right!r}, {instead!r}), encoding='utf-8')\n",
                encoding="utf-8",
            )
            wrong.chmod(wrong.stat().st_mode | stat.S_IXUSR)
            found = outcome(str(wrong), case)
            if found.returncode != 1 or pathlib.Path(case).name not in found.stdout:
                missed.append(fault)
    if outcome(program, case).returncode != 0:
        missed.append("nothing is wrong, and something was found")
    for fault in missed:
        print(f"not found: {fault}")
    print(f"{len(FAULTS) + 1 - len(missed)} of {len(FAULTS) + 1} found")
    sys.exit(1 if missed else 0)


main()
