"""Everything that is wrong with a manifest is told at once, with its line and what to write instead."""

from pathlib import Path

import pytest

from connectors.sdk.manifest import ManifestError, compiled, connector_from
from tests.manifest.conftest import DEPOT, with_parts


def told(text: str) -> list[tuple[int, str]]:
    with pytest.raises(ManifestError) as raised:
        compiled(text, "/srv/wms/connector.toml")
    return [(one.line, one.sentence) for one in raised.value.problems]


def line_of(text: str, part: str) -> int:
    (found,) = [n for n, line in enumerate(text.splitlines(), 1) if part in line]
    return found


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ('get = "/me"', 'gett = "/me"', "check.gett is not known (did you mean get?)"),
        ('"{api_key}"', '"sk_live_1"', "no secret can stand here itself"),
        ("[auth]", "[auht]", "auht is not known (did you mean auth?)"),
        ('get = "/me"', 'get = "https://elsewhere.example/me"', "starts with one slash, such as /returns/{value}"),
        ('get = "/me"', "get = 3", "check.get: must be a text in quotes"),
        ('"{api_key}"', '"{api_kye}"', "{api_kye} is not known here (did you mean api_key?)"),
        ('"{api_key}" }', '"{api_key}" }\nbearer = "{api_key}"', "can't stand together: give one of bearer"),
        ('"/returns/{value}"', '"/returns/{cursor}"', "put {value} into get or params"),
        ('"/returns/{value}"', '"/returns/{value}?key={api_key}"', "is a secret: use it in [auth]"),
        ('"{dock}"', '"{dock|upper}"', "a condition or a calculation wants a connector.py"),
        ('"{dock}"', '"{dock"', "write {{ for the brace itself"),
        ("by =", "bye =", "return.received has no such field (did you mean by?). It has at, said, items, by"),
        ("RECEIVED = ", 'LOST = "return.lost", RECEIVED = ', "'return.lost' is not a known kind"),
        ('= "return.received"', '= "return.recieved"', "(did you mean return.received?)"),
        ("result =", "resul =", 'return.inspected needs result: write fact."return.inspected" = {'),
        ('table = { OK = "passed" }', 'tabel = { OK = "passed" }', "'tabel' has no place beside value (did you mean"),
        ('at = "{inspected_at}"', 'at = { time = "{inspected_at}", format = "epoch" }', "is no format of times"),
        ("order = ", '"Order" = ', "is no scheme of references"),
        ('domain = "warehouse"', 'domain = "warehouse"\ntimes = { zone = "Turku" }', "write e.g. Europe/Helsinki"),
        ('status = "{state}"', "", "status and statuses belong together"),
        ("api_key = ", 'ApiKey = "x"\napi_key = ', "can't name a setting"),
        ("api_key = ", 'shop = { choices = ["fi"], default = "se" }\napi_key = ', "is none of the choices"),
        ("api_key = ", 'pin = { secret = true }\napi_key = ', "call it pin_key"),
        ("[check]", "[receive]\nsignature = 'svix'\n[check]", "write 'standard-webhooks', 'stripe' or 'hmac'"),
        ("[settings]", "receive = { signature = 'stripe', look_up = { order = '{i}' } }\n[settings]", "lookup.order"),
        ("[check]", "[receive]\nsignature = 'stripe'\ntype = '{t}'\ntypes = { x = 'retrun' }\n[check]", "mean return?"),
        ('domain = "warehouse"', 'domain = "warehouse"\nidentifying = ["email"]', "no record has a reference email"),
        ('get = "/me"', 'get = "/me"\nparams = { q = "{value}" }', "{value} is known in lookup alone"),
        ('get = "/returns/{value}"', 'get = "/returns/{value}"\npaging = { page = "p", link = true }', "link and page"),
        ('get = "/returns/{value}"', 'get = "/returns/{value}"\nitems = "{data}"', "no braces: data"),
        ('get = "/returns/{value}"', 'get = "/returns/{value}"\nrecord = "order"', "there is no [record.order]"),
        ('get = "/returns/{value}"', 'get = "/returns/{value}"\ncovers = ["refund.paid"]', "never says refund.paid"),
        ('get = "/returns/{value}"', 'get = "/returns/{value}"\ncomplete = false', "needs why"),
        ("[check]", '[changes]\nget = "/r?s={cursor}"\n[check]', "give one of updated, cursor"),
        ("[check]", '[changes]\nget = "/r"\nupdated = "{at}"\n[check]', "put {cursor} into get or params"),
        ("[check]", '[changes]\nget = "/r?s={cursor}"\ncursor = "next"\n[check]', "cursor needs from_now"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_sentence(good: str, bad: str, said: str) -> None:
    problems = told(DEPOT.replace(good, bad, 1))
    assert any(said in sentence for _, sentence in problems), problems


def test_every_mistake_is_told_at_once_and_on_its_own_line() -> None:
    swaps = {"[auth]": "[auht]", '"/me"': "3", '"{rma}"\n': '"{rma"\n', "by =": "bye =", "{dock}": "{dock!r}"}
    text = DEPOT
    for good, bad in swaps.items():
        text = text.replace(good, bad, 1)
    lines = [line for line, _ in told(text)]
    expected = [line_of(text, part) for part in ("[auht]", "get = 3", 'id = "{rma"', "bye =")]
    assert lines == [*expected, expected[-1]]


def test_the_text_of_the_error_names_the_file_and_each_line() -> None:
    with pytest.raises(ManifestError) as raised:
        compiled(DEPOT.replace("[auth]", "[auht]"), "/srv/wms/connector.toml")
    assert str(raised.value).startswith("wms/connector.toml, line 8: auht is not known (did you mean auth?).")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('domain = "x"\ntitle = Nordic Depot  # ours\n', 2, 'Text needs quotes; write title = "Nordic Depot".'),
        ("[check]\nget = /me\n", 2, 'write get = "/me"'), ("a = 1\na = 2\n", 2, "a second time"),
        ("x = { a = 1 }\nx.b = 2\n", 2, "inside them"), ("[check\n", 1, "no TOML"), ('x = "a\n', 1, "no TOML"),
        ("[check]\nx = [1,\n", 2, "no TOML"), ("x = \n", 1, "no TOML"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_toml_is_told_where_and_what_to_write(text: str, line: int, said: str) -> None:
    (problem,) = told(text)
    assert problem[0] == line and said in problem[1]


def test_what_is_missing_is_told_with_what_it_is_for() -> None:
    said = [sentence for _, sentence in told('title = "X"')]
    assert "domain is missing: " in said[1] and any(s.startswith("nothing can be learned") for s in said)


def test_a_kind_of_its_own_needs_its_sentence() -> None:
    problems = told(with_parts('fact."depot.moved" = { at = "{moved}" }'))
    assert "depot.moved is a kind of your own and needs its sentence" in problems[0][1]


def test_parts_of_a_wrong_shape_are_told_and_break_nothing() -> None:
    for part in "title times settings auth check lookup changes receive record identifying".split():
        for value in ("3", '"x"', "[]", "{}", "[[1]]", "{ x = 1 }", "{ x = { y = [1] } }", "1979-05-27"):
            rest = "\n".join(f"{name} = 1" for name in ("domain", "version"))
            assert told(f"{part} = {value}\n{rest}")


def test_a_file_is_read_from_its_folder_and_must_be_utf8(tmp_path: Path) -> None:
    (tmp_path / "connector.toml").write_text(DEPOT)
    cls = connector_from(tmp_path)
    assert cls.title == "Depot" and Path(cls.manifest_path).parent == tmp_path
    (tmp_path / "connector.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(ManifestError, match="UTF-8"):
        connector_from(tmp_path)
