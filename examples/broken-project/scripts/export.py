"""Prints a receipt as CSV."""

import sys


def main(path: str) -> int:
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number = 0:
                continue
            print(",".join(line.split()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
