"""Two demos may share one database, one after the other."""

import pytest

from connectors.host.models import Source
from workspace.demo.prepare import SOURCES, source_of, sources_save


def asked() -> set[str]:
    return set(Source.objects.filter(enabled=True).values_list("name", flat=True))


@pytest.mark.django_db
def test_the_sources_of_another_demo_rest_until_it_runs_again() -> None:
    everything = {name: source_of(name, "http://127.0.0.1:1", "env:KEY") for name in SOURCES}
    sources_save(everything)
    sources_save({"policy": everything["policy"]})
    assert asked() == {"policy"}
    sources_save(everything)
    assert asked() == set(SOURCES)
