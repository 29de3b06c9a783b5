"""Opens a web socket with websockets, says what stands in the arguments, and prints what came of it as JSON.

`websockets-client.py URL [MESSAGE...]`; `CA_FILE`, where there is one, is trusted.
"""

import asyncio
import json
import os
import ssl
import sys

from websockets.asyncio.client import connect


async def main(url, *messages):
    ca_file = os.environ.get("CA_FILE")
    context = ssl.create_default_context(cafile=ca_file) if ca_file else None
    async with connect(url, ssl=context, subprotocols=["chat"]) as socket:
        answers = []
        for message in messages:
            await socket.send(message)
            answers.append(await socket.recv())
        pong = await socket.ping("still there?")
        await pong
        await socket.close(4001, "bye")
    result = {
        "subprotocol": socket.subprotocol,
        "offered": socket.request.headers["Sec-WebSocket-Extensions"],
        "extensions": [extension.name for extension in socket.protocol.extensions],
        "answers": answers,
        "close": socket.close_code,
    }
    print(json.dumps(result))


asyncio.run(main(*sys.argv[1:]))
