"""Our parser against Debian's python3-hl7: every component of every sample must be the same.

Usage: hl7_oracle.py HL7_DUMP_PROGRAM FILE...
"""
import subprocess
import sys

import hl7


def components(path):
    with open(path, "rb") as file:
        message = hl7.parse(file.read().decode("latin-1"))
    for s, segment in enumerate(message):
        first = 3 if str(segment[0]) == "MSH" else 1
        for n in range(first, len(segment)):
            for r, repetition in enumerate(segment[n], 1):
                parts = [repetition] if isinstance(repetition, str) else repetition
                for c, part in enumerate(parts, 1):
                    text = str(part)
                    if text:
                        yield f"{path} {s} {n} {r} {c} {text.encode('latin-1').hex()}"


def main():
    program, files = sys.argv[1], sys.argv[2:]
    done = subprocess.run([program, *files], capture_output=True, text=True, check=True)
    ours = done.stdout.splitlines()
    theirs = [line for path in files for line in components(path)]
    differences = sorted(set(ours) ^ set(theirs))
    for line in differences:
        print("ours  " if line in set(ours) else "theirs", line)
    print(f"{len(theirs)} components, {len(differences)} differences")
    return 0 if theirs and not differences else 1


if __name__ == "__main__":
    sys.exit(main())
