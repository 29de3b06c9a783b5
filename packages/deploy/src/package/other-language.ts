import { otherHandlerFile } from '@furrow/executor';

/**
 * The file that a function in another language lacks; `undefined` when nothing is known to be missing. Pure.
 *
 * @param runtime `python3.13`, `ruby3.4`, `provided.al2023`, `java21`
 */
export function missingHandler(
  runtime: string,
  handler: string,
  files: readonly { readonly path: string }[],
): string | undefined {
  if (files.length === 0) return 'files';
  const wanted = otherHandlerFile(runtime, handler);
  return wanted === undefined || files.some(({ path }) => path === wanted) ? undefined : wanted;
}
