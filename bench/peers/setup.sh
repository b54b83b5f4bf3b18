#!/bin/sh
# Makes the virtual environments of the peers under out/peers/. Needs Python 3.11 or newer.
# Arguments go to pip, e.g. --extra-index-url https://download.pytorch.org/whl/cpu for PyTorch without CUDA.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target="$here/../../out/peers"
mkdir -p "$target"
for peer in torch tensorflow; do
  python3 -m venv "$target/$peer"
  "$target/$peer/bin/pip" install --quiet "$@" --requirement "$here/requirements-$peer.txt"
done
echo "ready: $target/torch/bin/python and $target/tensorflow/bin/python"
