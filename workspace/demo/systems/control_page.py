"""The control of a demo system as a page for people."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

from workspace.demo.systems.base import System

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem}}
label{{display:block;margin:.6rem 0}}
fieldset{{border:1px solid #8886;border-radius:8px;margin:1rem 0;padding:.4rem 1rem 1rem}}
input,select,button{{font:inherit;padding:.3rem .5rem}}input[type=number]{{width:6rem}}
pre{{background:#8882;padding:.8rem;overflow:auto;border-radius:8px}}</style>
<h1>{title}</h1><p>This page plays the staff of the system. What it changes, the workspace learns by itself.</p>
<form><fieldset><legend>Work</legend><label>Do <select name="do">{verbs}</select></label>
<label>Reference <input name="ref" placeholder="{own}:… or order:…"></label><button>Do it</button></fieldset></form>
<form><fieldset><legend>Trouble</legend><input type="hidden" name="do" value="fault">
<label>Its answers <select name="kind">{faults}</select></label>
<label>Seconds <input name="seconds" type="number" step="any" value="2"></label>
<label>Share of the calls, 0 to 1 <input name="share" type="number" min="0" max="1" step="any" value="1"></label>
<button>Begin</button></fieldset></form>
<form><input type="hidden" name="do" value="down"><button>Close it for maintenance</button></form>
<form><input type="hidden" name="do" value="up"><button>All is well again</button></form>
<pre id="said" role="status">{force}</pre><h2>Here now</h2><pre>{about}</pre>
<script>for(const f of document.forms)f.onsubmit=async e=>{{e.preventDefault();
const r=await fetch('/control',{{method:'POST',body:JSON.stringify(Object.fromEntries(new FormData(f)))}});
said.textContent=await r.text()}}</script></html>"""


def page_of(system: System, about: Mapping[str, Any], in_force: Mapping[str, Any]) -> str:
    """Forms for its work and for its troubles, and what it holds now."""
    from connectors.sdk.testing.faults import FAULTS

    return PAGE.format(
        title=html.escape(system.title), own=system.own,
        verbs="".join(f"<option>{verb}</option>" for verb in system.verbs),
        faults="".join(f'<option value="{kind}">{html.escape(says)}</option>' for kind, says in FAULTS.items()),
        force=html.escape(json.dumps(in_force, indent=1)), about=html.escape(json.dumps(about, indent=1)),
    )  # fmt: skip
