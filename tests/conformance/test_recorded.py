"""What connectors say of their recordings, recorded by the host: once, and then never again."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from connectors.conformance import Subject
from connectors.conformance.checking import NotHere
from connectors.host.models import Malformed
from connectors.host.registry import connector_classes
from connectors.host.services import facts_record, source_save


@pytest.mark.django_db
@pytest.mark.parametrize("slug", sorted(connector_classes()))
def test_recording_the_same_rows_twice_does_nothing(subject: Callable[[str], Subject], slug: str) -> None:
    one = subject(slug)
    try:
        rows, reader = one.rows, one.reader()
    except NotHere as reason:
        pytest.skip(str(reason))
    source = source_save(name="recorded", title="Recorded", connector="demo_shop", domain=one.cls.domain,
                         settings={"base_url": "http://x.example", "api_key": "env:K"}, freshness_s=60)  # fmt: skip
    first, again = (
        facts_record(source=source, rows=rows, how="lookup", started_at=timezone.now(), connector=reader).new
        for _ in range(2)
    )
    assert first and not again
    assert not Malformed.objects.filter(source=source, kind__gt="").exists()
