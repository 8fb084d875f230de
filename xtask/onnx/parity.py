"""Whether ONNX Runtime answers as the models do: `parity.py FOLDER`, where `onnx_cases` wrote one folder a case.

Every model must pass ONNX's own checker, and give the answers that stand beside it: labels are the same unless the two most
probable classes are no farther apart than TIE, shares agree within SHARES, and numbers within SHARE of their size or of the
target's standard deviation. All rows at once, then one by one: runtimes go other ways for a single row.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

TIE, SHARE, SHARES = 1e-6, 1e-5, 5e-6
SINGLE_ROWS = 6


def feeds(session, columns, rows):
    """The inputs, by name: text with "" where missing, doubles with NaN."""
    fed = {}
    for wanted in session.get_inputs():
        cells = columns[wanted.name]
        if wanted.shape[1:] != [1]:
            raise ValueError(f"input {wanted.name} has the shape {wanted.shape}")
        if wanted.type == "tensor(string)":
            column = np.array([cell or "" for cell in cells], dtype=object)
        elif wanted.type == "tensor(double)":
            column = np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
        else:
            raise ValueError(f"input {wanted.name} is a {wanted.type}")
        fed[wanted.name] = column[rows].reshape(-1, 1)
    return fed


def differences(case, found, rows):
    """What is wrong with the outputs for some rows."""
    wanted = case["answers"]
    if "values" in wanted:
        (values,) = found
        own = np.array(wanted["values"], dtype=np.float64)[rows]
        if values.shape != (len(own), 1):
            return [f"the values have the shape {values.shape}"]
        most = SHARE * np.maximum(np.abs(own), case["deviation"])
        # What is not a number is within nothing.
        wrong = ~((np.abs(values[:, 0] - own) <= most) | (values[:, 0] == own))
        return [f"row {row}: {values[row, 0]} instead of {own[row]}" for row in np.flatnonzero(wrong)]
    labels, shares = found
    own = np.array(wanted["probabilities"], dtype=np.float64).reshape(-1, wanted["width"])[rows]
    if shares.shape != own.shape or labels.shape != own.shape[:1]:
        return [f"the outputs have the shapes {labels.shape} and {shares.shape}"]
    wrong = ~(np.abs(shares - own) <= SHARES).all(axis=1)
    said = [f"row {row}: {shares[row]} instead of {own[row]}" for row in np.flatnonzero(wrong)]
    sorted_shares = np.sort(own, axis=1)
    for row in range(len(own)):
        tie = own.shape[1] > 1 and sorted_shares[row, -1] - sorted_shares[row, -2] < TIE
        label = case["classes"][int(np.argmax(own[row]))]
        if labels[row] != label and not tie:
            said.append(f"row {row}: {labels[row]!r} instead of {label!r}")
    return said


def check(folder):
    """What is wrong with one case."""
    case = json.loads((folder / "case.json").read_text())
    model = onnx.load(folder / "model.onnx")
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    count = len(next(iter(case["columns"].values())))
    for rows in [np.arange(count), *(np.array([row]) for row in range(min(count, SINGLE_ROWS)))]:
        said = differences(case, session.run(None, feeds(session, case["columns"], rows)), rows)
        if said:
            return f"{case['name']}: {len(said)} of {len(rows)} rows, {said[0]}"
    return None


def main():
    folders = sorted(folder for folder in Path(sys.argv[1]).iterdir() if folder.is_dir())
    failed = 0
    for folder in folders:
        try:
            said = check(folder)
        except Exception as error:  # one broken case must not hide the others
            said = f"{json.loads((folder / 'case.json').read_text())['name']}: {error}"
        if said:
            failed += 1
            print(f"FAILED {folder.name} {said}")
    print(f"{len(folders) - failed} passed, {failed} failed")
    return 1 if failed or not folders else 0


if __name__ == "__main__":
    sys.exit(main())
