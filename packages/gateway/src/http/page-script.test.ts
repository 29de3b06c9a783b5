import { expect, test } from 'vitest';
import { isPage, withScript } from './page-script.ts';

const html = 'text/html; charset=utf-8';

test.for<{ body: string; type?: string; destination?: string; is: boolean }>([
  { body: '<p>a piece', is: false },
  { body: '<!DOCTYPE html><p>a', is: true },
  { body: '<html lang=en>', is: true },
  { body: '<body>', is: true },
  { body: '<p>a', destination: 'document', is: true },
  { body: '<html>', destination: 'empty', is: false },
  { body: '', destination: 'document', is: false },
  { body: '<html>', type: 'text/plain', is: false },
  { body: '<html>', type: 'text/htmlish', is: false },
  { body: '<html>', type: 'Text/HTML', is: true },
])('$body for $destination is a page: $is', ({ body, type = html, destination, is }) => {
  expect(isPage(Buffer.from(body), type, destination)).toBe(is);
});

const script = '<script src="/_arc/livereload.js" async></script>';

test.for([
  ['<body>ü</body></html>', `<body>ü${script}</body></html>`],
  ['<body>"</body>"</BODY>', `<body>"</body>"${script}</BODY>`],
  ['<p>a', `<p>a${script}`],
] as const)('%s', ([page, edited]) => {
  expect(withScript(Buffer.from(page)).toString()).toBe(edited);
});
