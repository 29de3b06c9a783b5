import { keepNothing } from './response-headers.ts';
import type { Draft } from './draft.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The page for an error that middleware answered with. Where visitors see it, it has no stack: that names files. */
export function errorPage(statusCode: number, error: Error, hasStack: boolean): Draft {
  const title = escape(error.name === 'Error' ? `${statusCode} error` : `${statusCode} error: ${error.name}`);
  const stack = hasStack ? `<pre>${escape(error.stack ?? '')}</pre>` : '';
  return {
    statusCode,
    headers: { 'content-type': 'text/html; charset=utf8;', 'cache-control': keepNothing },
    body: `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>body { font-family: system-ui, sans-serif; margin: 2rem } pre { overflow: auto }</style>
</head>
<body>
<h1>${title}</h1>
<p>${escape(error.message)}</p>
${stack}
</body>
</html>
`,
  };
}

/** A message may hold what a client sent. */
function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '');
}
