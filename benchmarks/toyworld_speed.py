"""Pictures a second that toyworld makes on one core: simulate, render, find relations, build the graph.

The named baseline is the project's floor of 300 pictures of 128 x 160 a second; the last column is
the ratio to it, scaled by pixels for other sizes.

    OMP_NUM_THREADS=1 python benchmarks/toyworld_speed.py --pictures 600
"""

import argparse
import time

from toyworld import scenes

FLOOR, FLOOR_PIXELS = 300.0, 128 * 160
"""Pictures a second, and the pixels of the pictures that this floor is about."""


def main() -> None:
    """Time some sizes and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=600, help="pictures of 128 x 160 (default 600)")
    arguments = parser.parse_args()
    scenes.image(0)
    print("size         pictures/s (CPU)   pictures/s (wall)   ratio to the floor")
    for size, share in (((128, 160), 1.0), ((256, 320), 0.25), ((480, 640), 0.1)):
        count = max(int(arguments.pictures * share), 1)
        cpu, wall = time.process_time(), time.perf_counter()
        for seed in range(count):
            scenes.image(seed, size)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        floor = FLOOR * FLOOR_PIXELS / (size[0] * size[1])
        print(f"{size[0]} x {size[1]:<6} {count / cpu:16.0f} {count / wall:19.0f} {count / cpu / floor:20.2f}")


if __name__ == "__main__":
    main()
