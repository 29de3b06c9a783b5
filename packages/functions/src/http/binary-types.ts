/** Content types whose bodies are bytes, by what comes before the slash. Those that are left out are sent as text. */
const binaryTypes: Readonly<Record<string, readonly string[]>> = {
  application: [
    'octet-stream',
    'epub+zip',
    'msword',
    'pdf',
    'rtf',
    'vnd.amazon.ebook',
    'vnd.ms-excel',
    'vnd.ms-powerpoint',
    'vnd.openxmlformats-officedocument.presentationml.presentation',
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'vnd.openxmlformats-officedocument.wordprocessingml.document',
    'java-archive',
    'vnd.apple.installer+xml',
    'zip',
    ...['7z-compressed', 'bzip', 'bzip2', 'gzip', 'java-archive', 'rar-compressed', 'tar', 'zip'].map((x) => `x-${x}`),
  ],
  audio: ['3gpp', 'aac', 'basic', 'mpeg', 'ogg', 'wav', 'webm', 'x-aiff', 'x-midi', 'x-wav'],
  font: ['otf', 'woff', 'woff2'],
  image: ['avif', 'bmp', 'gif', 'jpeg', 'png', 'tiff', 'vnd.microsoft.icon', 'webp'],
  video: ['3gpp', 'mp2t', 'mpeg', 'ogg', 'quicktime', 'webm', 'x-msvideo'],
};

/** Whether a body of this type can only be bytes, so that a text that stands for it is base64. */
export function isBinaryType(contentType: unknown): boolean {
  if (typeof contentType !== 'string') return false;
  const [kind = '', name = ''] = (contentType.split(';')[0] ?? '').trim().split('/');
  return binaryTypes[kind]?.includes(name) ?? false;
}
