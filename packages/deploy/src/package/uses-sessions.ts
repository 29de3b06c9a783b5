const comments = /\/\*[^]*?\*\/|^[ \t]*\/\/.*$/gm;
const library = /['"`]@architect\/functions['"`]/;
const http = /\.\s*http\b|\bhttp\s*[,}(.]/;
/** A member, or a key of what a handler returns. */
const session = /\.\s*session\b|[{,]\s*session\s*[,}:]|\[\s*['"`]session['"`]\s*\]/;

/** Whether sources of one function use sessions of `@architect/functions`, as far as their text shows. Pure. */
export function usesSessions(texts: readonly string[]): boolean {
  const text = texts.map((each) => each.replaceAll(comments, '')).join('\n');
  return library.test(text) && http.test(text) && session.test(text);
}
