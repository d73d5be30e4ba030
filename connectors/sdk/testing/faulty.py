"""The proxy of faults from a shell."""

from __future__ import annotations

import argparse
import threading

from connectors.sdk.testing.faults import FAULTS, FaultProxy, parsed


def main() -> None:
    parser = argparse.ArgumentParser(description="A proxy that spoils a source's answers on purpose.")
    parser.add_argument("upstream")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", type=parsed, action="append", default=[], help=", ".join(FAULTS))
    arguments = parser.parse_args()
    with FaultProxy(arguments.upstream, port=arguments.port) as proxy:
        for fault in arguments.fault:
            proxy.put(fault)
        print(f"{proxy.url} stands before {proxy.upstream}. Ctrl-C ends it.", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
