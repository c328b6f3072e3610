#!/usr/bin/env python3
"""A soak: files at a steady rate, services killed at random, and whether memory, descriptors, disk and latency are flat.

    systemd/package DIR && Tests/Load/soak.py --package DIR/dropwire_*.deb --output DIR [--seconds 3600] [--rate 5]

The package runs on a systemd of its own (Tests/ProcessTests/Systemd/machine.py, which needs root). At the end every file
has to have one outcome, and every article one result of each worker. DIR gets samples.csv (seconds, what, of what,
value), soak.svg and, as printed, table.txt. Ends with 1 where something was lost or is not flat.

So that an hour is enough, retention is short and memories are small: what is kept for five minutes is flat when the first
of it goes. The index keeps everything, and is held to the articles: what one takes must not grow.
"""

import argparse
import collections
import csv
import math
import pathlib
import signal
import statistics
import subprocess
import sys

MACHINE = pathlib.Path(__file__).resolve().parent.parent / "ProcessTests/Systemd/machine.py"
# More than this in an hour, by more than twice the error, is growth.
TOLERANCE = 0.05
UNITS = {"memory": "MB", "descriptors": "", "disk": "MB", "disk an article": "kB", "latency": "ms"}
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--rate", type=float, default=5, help="files a second")
    parser.add_argument("--kill-every", type=float, default=120, metavar="SECONDS", help="on an average; 0 for never")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--warm-up", type=float, metavar="SECONDS", help="what is left out of the judgement; a quarter")
    parser.add_argument("--report", action="store_true", help="judge anew what an earlier soak has sampled in DIR")
    options = parser.parse_args()
    if options.report:
        report(options.output, options.warm_up)
    if not options.package:
        parser.error("a package is needed")
    # The machine ends with this process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    samples = options.output / "samples.csv"
    samples.unlink(missing_ok=True)
    (options.output / "dropped.jsonl").unlink(missing_ok=True)
    status = subprocess.run(
        [sys.executable, "-B", str(MACHINE), "--output", str(options.output), "--limit", str(options.seconds + 600)]
        + ["--volume", "/var/lib/dropwire=1G", "--volume", "/srv/dropwire=256M"]
        + ["--file", f"/srv/package.deb={options.package}", "--", "python3", "/tests/scripts/inside/soak.py"]
        + ["--package", "/srv/package.deb", "--seconds", str(options.seconds), "--rate", str(options.rate)]
        + ["--kill-every", str(options.kill_every), "--seed", str(options.seed)]
    ).returncode
    if not samples.exists():
        sys.exit("soak.py: there are no samples")
    report(options.output, options.warm_up, status)


def report(output, warm_up, status=0):
    """Draws and judges what was sampled."""
    samples = output / "samples.csv"
    series = read(samples)
    (output / "soak.svg").write_text(draw(series))
    table, is_flat = judge(series, warm_up)
    (output / "table.txt").write_text(table)
    print(table, end="")
    sys.exit(status or (0 if is_flat else "soak.py: not everything is flat"))


# MARK: What the samples say


def read(path):
    """The samples: for each (what, of what) a list of (seconds, value)."""
    series = collections.defaultdict(list)
    for seconds, what, of, value in csv.reader(open(path)):
        series[what, of].append((float(seconds), float(value)))
    # The index keeps every article.
    count, logged = 0, []
    for seconds, value in series["count", "log"]:
        count += value
        logged.append((seconds, count))
    index = dict(series.pop(("disk", "index")))
    series["disk an article", "index"] = [(at, index[at] * 1000 / count) for at, count in logged if at in index]
    return series


def fit(points):
    """The slope of a line through the points, by least squares, and its standard error."""
    count, xs, ys = len(points), [x for x, _ in points], [y for _, y in points]
    mean_x, mean_y = statistics.fmean(xs), statistics.fmean(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    left = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    return slope, (left / (count - 2) / spread) ** 0.5


def steps(points, width):
    """The median of each step in time: neighbouring samples are too alike to count each."""
    groups = collections.defaultdict(list)
    for seconds, value in points:
        groups[seconds // width].append(value)
    return [((step + 0.5) * width, statistics.median(values)) for step, values in sorted(groups.items())]


def judge(series, warm_up=None):
    """A table of what was taken and how it changes, and whether all is flat, after everything was filled."""
    end = max(points[-1][0] for points in series.values())
    begin = end / 4 if warm_up is None else warm_up
    lines = [f"{'':16}{'':28}{'MEDIAN':>10}{'AT MOST':>10}{'CHANGE AN HOUR':>22}"]
    is_flat = True
    for what, unit in UNITS.items():
        for of in sorted(of for other, of in series if other == what):
            points = [point for point in series[what, of] if point[0] >= begin]
            values = [value for _, value in points]
            middle = statistics.median(values)
            slope, error = (value * 3600 for value in fit(steps(points, end / 60)))
            grows = slope - 2 * error > TOLERANCE * middle
            is_flat = is_flat and not grows
            change = f"{slope:+.2f} ± {2 * error:.2f}"
            name = f"{what}, {unit}" if unit else what
            lines.append(f"{name:20}{of:28}{middle:10.2f}{max(values):10.2f}{change:>22}{'  grows' if grows else ''}")
    counts = {of: sum(value for _, value in points) for (what, of), points in series.items() if what == "count"}
    kills = sum(len(points) for (what, _), points in series.items() if what == "kill")
    busy = series["processor", "all"][-1][1] / series["processor", "all"][-1][0]
    lines.append(f"{end:.0f} s, {counts['log']:.0f} articles, {kills} kills, {busy * 100:.0f} % of a core in all")
    lines.append(
        "the change is that of the medians of sixtieths of the time, ± twice its error; "
        f"the first {begin:.0f} s are left out"
    )
    return "\n".join(lines) + "\n", is_flat


# MARK: The plot


def draw(series):
    """An SVG with a panel for each of what was sampled; a line at the bottom of each is a kill."""
    width, height, left, top = 900, 220, 70, 30
    panels = list(UNITS)
    end = max(points[-1][0] for points in series.values())
    kills = [at for (what, _), points in series.items() if what == "kill" for at, _ in points]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + left + 190}" height="{len(panels) * (height + 50) + 20}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    for number, what in enumerate(panels):
        lines = {of: points for (other, of), points in sorted(series.items()) if other == what}
        base = top + number * (height + 50) + height
        # Latency has outliers at kills: its scale is that of powers of ten.
        scale = (lambda value: math.log10(max(value, 1))) if what == "latency" else (lambda value: value)
        most = max(scale(value) for points in lines.values() for _, value in points) * 1.05 or 1

        def place(at, value):
            return f"{left + at / end * width:.1f},{base - scale(value) / most * height:.1f}"

        unit = f", {UNITS[what]}" if UNITS[what] else ""
        parts.append(f'<text x="{left}" y="{base - height - 8}" font-weight="bold">{what}{unit}</text>')
        parts.append(
            f'<rect x="{left}" y="{base - height}" width="{width}" height="{height}" fill="none" stroke="#999"/>'
        )
        for step in range(5):
            value = most * step / 4
            shown = 10**value if what == "latency" else value
            y = base - height * step / 4
            parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{shown:.4g}</text>')
        for step in range(7):
            x = left + width * step / 6
            parts.append(f'<text x="{x:.1f}" y="{base + 15}" text-anchor="middle">{end * step / 6 / 60:.1f} min</text>')
        for at in kills:
            x = left + at / end * width
            parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{base}" y2="{base - 8}" stroke="#888"/>')
        for (of, points), colour, row in zip(lines.items(), COLOURS, range(len(COLOURS))):
            path = " ".join(place(at, value) for at, value in points)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.2"/>')
            parts.append(
                f'<text x="{left + width + 10}" y="{base - height + 14 + row * 16}" fill="{colour}">{of}</text>'
            )
    return "\n".join(parts) + "\n</svg>\n"


if __name__ == "__main__":
    main()
