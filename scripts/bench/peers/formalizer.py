"""Steps of the formalizer `small` in PyTorch as pip gives it: `formalizer.py REQUEST` trains as the request says."""

import json
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "tests/helpers/python"))
from nanologic_training import main  # noqa: E402

found = main(json.loads(Path(sys.argv[1]).read_text()))
middle = lambda values: statistics.median_high(values[5:])
print(json.dumps({
    "seconds": middle(found["seconds"]),
    "cpuSeconds": middle(found["cpuSeconds"]),
    **{f"loss{index}": loss for index, loss in enumerate(found["losses"])},
}))
