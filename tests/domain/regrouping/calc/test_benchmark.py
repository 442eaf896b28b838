import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[4] / "benchmarks" / "regrouping.py"


@pytest.mark.slow
def test_the_quick_benchmark_runs_and_prints_its_ratios():
    done = subprocess.run([sys.executable, str(BENCHMARK), "--quick"], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert "ratio greedy / ours: imbalance " in done.stdout
