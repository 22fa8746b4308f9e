"""What the engine's parts cost, beside httparse and llhttp at the same work.

usage: python3 bench/micro

Prints a table in Markdown, in instructions.
"""

import callgrind


def main():
    print("| Work | By | Instructions | A byte |\n|---|---|---:|---:|")
    for bench in callgrind.count(callgrind.build(others=True)):
        print(f"| {bench.work} | {bench.by} | {bench.all} | {bench.all / bench.size:.2f} |")


if __name__ == "__main__":
    main()
