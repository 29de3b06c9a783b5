import json
import os
from urllib.parse import urlsplit

from shared.votes import CHOICES

PAGE = """<!doctype html>
<html lang=en>
<head>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<title>What is for lunch?</title>
<link rel=icon href="/_static/icon.svg">
<link rel=stylesheet href="/_static/poll.css">
</head>
<body>
<h1>What is for lunch?</h1>
<p id=status role=status data-state=connecting>Connecting</p>
<ul id=choices>
BUTTONS
</ul>
<script>
window.WS_URL = WS_URL
</script>
<script type=module src="/_static/poll.mjs"></script>
</body>
</html>"""


def handler(event, context):
    """The page. Its looks and its script are files in public/."""
    buttons = '\n'.join(
        f'<li><button data-choice={choice} disabled>{choice.title()} <output>0</output></button></li>'
        for choice in CHOICES
    )
    return {
        'statusCode': 200,
        'headers': {'content-type': 'text/html; charset=utf-8'},
        'body': PAGE.replace('BUTTONS', buttons).replace('= WS_URL', f'= {json.dumps(web_socket_url())}'),
    }


def web_socket_url():
    # On AWS page and socket have different hosts. In the sandbox they share one, so the path alone is right by whatever
    # name the page was opened.
    url = os.environ['ARC_WSS_URL']
    return urlsplit(url).path if 'ARC_SANDBOX' in os.environ else url
