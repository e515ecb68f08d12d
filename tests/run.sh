#!/usr/bin/env bash
# From nothing to every test:  bash tests/run.sh [--quick | --long]
#
# Installs what is missing, builds and runs all tests, those of the real window (under Xvfb) included, then the
# parsers, lessons and the forward pass once more under AddressSanitizer and UndefinedBehaviorSanitizer
# (--quick leaves that second pass out; the preset asan runs everything under them). --long runs what takes
# minutes instead, and nothing else: inputs of 64k tokens, ten thousand movements of a drag. The last line is
# "N passed, N failed". Anything that did not run counts as failed.
# ATTN_BUILD and ATTN_BUILD_ASAN set the build folders (build/release, build/asan).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${ATTN_BUILD:-$root/build/release}
build_asan=${ATTN_BUILD_ASAN:-$root/build/asan}
jobs=$(nproc 2>/dev/null || sysctl -n hw.ncpu)
passed=0
failed=0

what=all
case "${1:-}" in
  "") ;;
  --quick | --long) what=${1#--} ;;
  *) echo "tests/run.sh: unknown argument '$1'; usage: bash tests/run.sh [--quick | --long]" >&2; exit 2 ;;
esac

# Whatever happens, the last line is the count; a step that broke off counts as one failure.
finish() {
  local code=$?
  if [ $code != 0 ] && [ $failed = 0 ]; then failed=1; fi
  if [ $passed = 0 ] && [ $failed = 0 ]; then failed=1; fi
  echo "$passed passed, $failed failed"
  if [ $failed != 0 ]; then exit 1; fi
}
trap finish EXIT

step() { echo "== $* ($SECONDS s)"; }
fail() { echo "tests/run.sh: $*"; exit 1; }

# configure FOLDER OPTION…  Several files are compiled as one: headers are read once for all of them.
configure() {
  local folder=$1
  shift
  if [ -f "$folder/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
    rm -rf "$folder"  # made for another copy of the sources
  fi
  local generator=()
  if [ ! -f "$folder/CMakeCache.txt" ] && command -v ninja >/dev/null; then generator=(-G Ninja); fi
  mkdir -p "$folder"
  cmake -S "$root" -B "$folder" ${generator[@]+"${generator[@]}"} -DATTN_TESTS=ON -DCMAKE_UNITY_BUILD=ON "$@" >"$folder/configure.log" 2>&1 ||
    { cat "$folder/configure.log"; fail "configuring failed"; }
}

# compile FOLDER [OPTION…]  Quietly; the whole output only where something fails.
compile() {
  local folder=$1
  shift
  cmake --build "$folder" --parallel "$jobs" "$@" >"$folder/build.log" 2>&1 ||
    { grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating)' "$folder/build.log" | head -n 200; fail "building failed"; }
}

# run_tests FOLDER OPTION…  Runs the tests of a build folder that the options of ctest choose, and adds up the cases. Not run, skipped
# or disabled is failed.
run_tests() {
  local folder=$1
  shift
  rm -f "$folder/tests.xml"
  ctest --test-dir "$folder" --output-on-failure --no-tests=error --timeout 120 --parallel "$jobs" \
    --output-junit "$folder/tests.xml" "$@" >"$folder/tests.log" 2>&1 </dev/null || true
  [ -s "$folder/tests.xml" ] || { tail -n 50 "$folder/tests.log"; fail "the tests did not run"; }
  local all good
  all=$(grep -c '<testcase ' "$folder/tests.xml" || true)
  good=$(grep -c '<testcase .* status="run">' "$folder/tests.xml" || true)
  if [ "$all" = 0 ]; then fail "no test was found in $folder"; fi
  if [ "$good" != "$all" ]; then
    # The failures with their evidence, without the list of everything that passed.
    grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test +#[0-9]+:.* Passed )' "$folder/tests.log" || true
  fi
  passed=$((passed + good))
  failed=$((failed + all - good))
  echo "$good of $all passed"
}

step "Packages"
bash "$root/third_party/packages/install.sh" tests </dev/null

if [ $what = long ]; then
  step "Build"
  configure "$build" -DCMAKE_BUILD_TYPE=Release -DATTN_LONG_TESTS=ON
  compile "$build" --target long_tests
  step "Long tests"
  run_tests "$build" --label-regex long --timeout 1800 --parallel 1
  exit
fi

step "Build"
configure "$build" -DCMAKE_BUILD_TYPE=Release -DATTN_LONG_TESTS=OFF
compile "$build"
step "Tests"
run_tests "$build"

if [ $what = all ]; then
  step "Build with sanitizers: parsers, lessons, forward pass"
  # Without four checks that take a third of the build: what they find, AddressSanitizer finds when it is touched.
  configure "$build_asan" -DCMAKE_BUILD_TYPE=RelWithDebInfo "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O0 -g0" \
    -DATTN_SANITIZE=address,undefined -DATTN_SANITIZE_WITHOUT=null,alignment,vptr,object-size \
    -DATTN_PROGRAM=OFF -DATTN_ARITHMETIC_TESTS=OFF
  compile "$build_asan"
  step "Tests with sanitizers"
  run_tests "$build_asan"
fi
step "Done"
