#!/usr/bin/env bash
# Photographs that desktops ship, for `npm run evaluate larger-photographs`: downloads Debian packages (170 MB) with
# apt-get, takes their JPEGs and puts them into out/photographs. Nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
target="$PWD/out/photographs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download plasma-workspace-wallpapers mate-backgrounds lomiri-wallpapers-16.04 lomiri-wallpapers-20.04
for package in *.deb; do dpkg-deb -x "$package" files; done
mkdir -p "$target"
# Most drawings come as PNG, or in a folder of their own; photographs that come in several sizes as 2560x1600.
find files/usr/share/backgrounds -name '*.jpg' -not -path '*/abstract/*' -size +150k -exec cp {} "$target" \;
for folder in files/usr/share/wallpapers/*/contents/images; do
  if [ -f "$folder/2560x1600.jpg" ]; then
    cp "$folder/2560x1600.jpg" "$target/$(basename "$(dirname "$(dirname "$folder")")").jpg"
  fi
done
ls "$target" | wc -l
