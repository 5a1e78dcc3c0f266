"""What an installation gets: the wheel carries migrations, seeds and browser files, and runs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_wheel_carries_all_it_needs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*command, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    shipped = {
        "app/_alembic": ROOT / "alembic",
        "app/_seeds": ROOT / "seeds",
        "app/web/templates": ROOT / "app" / "web" / "templates",
        "app/web/static": ROOT / "app" / "web" / "static",
    }
    for inside, folder in shipped.items():
        files = [path for path in folder.rglob("*") if path.is_file()]
        wanted = {
            f"{inside}/{path.relative_to(folder).as_posix()}"
            for path in files
            if "__pycache__" not in path.parts
        }
        assert wanted
        assert wanted <= names, wanted - names
    assert "app/web/static/vendor/swagger-ui/swagger-ui-bundle.js" in names
    shown = subprocess.run(
        [sys.executable, "-m", "app.cli", "demo", "--no-serve", "--dir", str(tmp_path / "demo")],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed"), "COLUMNS": "100"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert "Context × outcome" in shown.stdout
