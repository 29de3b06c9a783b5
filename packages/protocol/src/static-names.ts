/**
 * Names of static files inside of texts: `${STATIC('css/site.css')}`, or with `arc.static` in place of `STATIC`.
 *
 * Architect fills them in where files are served at the root; here they are filled in wherever the file is.
 */
const names = /\$\{(?:STATIC|arc\.static)\(\s*(["'`])([^"'`\n\r]+)\1\s*\)\}/g;

/** Texts over so many bytes are sent as they are. */
export const maxNamingBytes = 8_000_000;

/** Whether a file of this type is a text, which may name others. Pure. */
export function mayNameFiles(contentType: string): boolean {
  return contentType.endsWith('charset=utf-8');
}

/** The files that a text names, as they are called in the folder. Pure. */
export function namesOfFiles(text: Buffer): readonly string[] {
  if (!isLikely(text)) return [];
  return [...bytesOf(text).matchAll(names)].map(([, , name = '']) => plain(name));
}

/**
 * A text with the names filled in. Everything else of it stays to the byte; one that names nothing is the same buffer. Pure.
 *
 * @param nameOf what a file is called where the text is read: `css/site-0a4d55a8d7.css` of `css/site.css`. A slash at the
 * beginning stays. @default as in the folder
 */
export function fillNamesOfFiles(text: Buffer, nameOf = (name: string) => name): Buffer {
  if (!isLikely(text)) return text;
  const bytes = bytesOf(text);
  const filled = bytes.replace(names, (_whole, _quote: string, name: string) => {
    const found = (name.startsWith('/') ? '/' : '') + nameOf(plain(name));
    return Buffer.from(found).toString('latin1');
  });
  return filled === bytes ? text : Buffer.from(filled, 'latin1');
}

/** A letter for each byte, so that nothing is lost of what is no UTF-8. */
function bytesOf(text: Buffer): string {
  return text.toString('latin1');
}

function plain(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8').replace(/^\//, '');
}

function isLikely(text: Buffer): boolean {
  return text.includes('${STATIC(') || text.includes('${arc.static(');
}
