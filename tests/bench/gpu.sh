#!/usr/bin/env bash
# Everything that a machine with a GPU can show, with one command:
#
#     bash tests/bench/gpu.sh OUT [ROUNDS]
#
# Builds the program without its window (build/gpu), lets the device prove itself by the tests of the GPU
# backend, measures, and leaves in the folder OUT: info.txt, tests.txt, bench.txt, bench.json, and, where
# PyTorch has CUDA, pytorch.txt and pytorch.json with its figures from the same minutes. Exit code 1 where a
# test fails or there is no GPU. ATTN_PREBUILT=FOLDER takes a build that is there instead of making one.
set -euo pipefail
out=$(mkdir -p "${1:?the folder for the results}" && cd "$1" && pwd)
rounds=${2:-9}
cd "$(dirname "$0")/../.."
build=${ATTN_PREBUILT:-build/gpu}

if [ -z "${ATTN_PREBUILT:-}" ]; then
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DATTN_WINDOW=OFF ${ATTN_CMAKE_ARGS:-} >"$out/configure.txt"
  cmake --build "$build" --target attentionscope tests_gpu >"$out/build.txt"
fi
program=$build/app/attentionscope

"$program" info | tee "$out/info.txt"
status=0
"$build/tests/app/gpu/tests_gpu" >"$out/tests.txt" 2>&1 || status=1
tail -n 4 "$out/tests.txt"
"$program" bench --gpu --rounds "$rounds" --json >"$out/bench.json" || exit 1
"$program" bench --gpu --rounds "$rounds" | tee "$out/bench.txt"
python3 tests/bench/compare.py --gpu "$program" --rounds "$rounds" --json "$out/pytorch.json" | tee "$out/pytorch.txt"
exit $status
