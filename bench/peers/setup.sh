#!/bin/sh
# Makes virtual environments of the peers under out/peers/. Needs Python 3.11 or newer (alibi: 3.11 or 3.12); decoding needs libturbojpeg too (Debian: libturbojpeg0), spark Java 17 or newer.
# First words: which of torch, tensorflow, onnxruntime, alibi, decoding, ray, spark and seaweedfs; without any, the three that the benchmarks use.
# What follows goes to pip, e.g. --extra-index-url https://download.pytorch.org/whl/cpu for PyTorch without CUDA.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target="$here/../../out/peers"
peers=
while [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; do
  [ -f "$here/requirements-$1.txt" ] || { echo "expected torch, tensorflow, onnxruntime, alibi, decoding, ray, spark or seaweedfs, got $1" >&2; exit 2; }
  peers="$peers $1"
  shift
done
mkdir -p "$target"
for peer in ${peers:-torch tensorflow onnxruntime}; do
  python3 -m venv "$target/$peer"
  "$target/$peer/bin/pip" install --quiet "$@" --requirement "$here/requirements-$peer.txt"
  echo "ready: $target/$peer/bin/python"
done
