"""One house for each file: its ruins are mended by the test that made them."""

from collections.abc import Iterator

import pytest

from tests.faults.house import House, house


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as built:
        built.wait(lambda: built.cursor() is not None)
        yield built


@pytest.fixture(autouse=True)
def seconds(request: pytest.FixtureRequest) -> Iterator[dict[str, float]]:
    """Times worth telling, by name: printed beside the test."""
    told: dict[str, float] = {}
    yield told
    for name, value in told.items():
        print(f"  {request.node.name}: {name} {value:.1f} s")
