"""A source that answers every path after ``--ms`` milliseconds: run as a process of its own."""

import argparse
import asyncio

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


def app(ms: float) -> Starlette:
    async def answer(request: Request) -> JSONResponse:
        await asyncio.sleep(ms / 1000)
        ref = request.path_params["ref"]
        return JSONResponse([{"id": ref, "ref": ref}])

    return Starlette(routes=[Route("/{ref:path}", answer)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ms", type=float, required=True)
    arguments = parser.parse_args()
    uvicorn.run(app(arguments.ms), host="127.0.0.1", port=arguments.port, log_level="error", access_log=False)
