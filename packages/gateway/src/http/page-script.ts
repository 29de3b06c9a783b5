/** Where the script asks for versions; a stream of server-sent events. */
export const versionsPath = '/_arc/livereload';
export const scriptPath = '/_arc/livereload.js';

const tag = Buffer.from(`<script src="${scriptPath}" async></script>`);

/**
 * What runs in a page: another version than the one of now loads the page again. A hidden page asks nothing, because
 * browsers keep few requests open for all pages of a server. Pure.
 */
export const pageScript = (version: string) => `(function () {
  var source
  function follow() {
    if (source) source.close()
    source = undefined
    if (document.hidden) return
    source = new EventSource(${JSON.stringify(versionsPath)})
    source.onmessage = function (event) {
      if (event.data !== ${JSON.stringify(version)}) location.reload()
    }
  }
  document.addEventListener('visibilitychange', follow)
  follow()
})()
`;

/**
 * Whether an answer is a page as a whole, and no piece of one. Pure.
 *
 * @param destination what the browser says that it is for (`Sec-Fetch-Dest`); others send nothing.
 */
export function isPage(body: Buffer, contentType: string, destination: string | string[] | undefined): boolean {
  if (!/^text\/html\b/i.test(contentType) || body.length === 0) return false;
  if (destination !== undefined) return destination === 'document';
  return /<!doctype html|<html[\s>]|<body[\s>]/i.test(body.toString('latin1'));
}

/** A page with the script before the end of its body, or at its own end. Pure. */
export function withScript(page: Buffer): Buffer {
  const end = page.toString('latin1').toLowerCase().lastIndexOf('</body>');
  const at = end === -1 ? page.length : end;
  return Buffer.concat([page.subarray(0, at), tag, page.subarray(at)]);
}
