/**
 * Node's crypto, loaded at its first use.
 *
 * A static import would be loaded with every handler that bundles this package, signing or not, and costs milliseconds of
 * each cold start.
 */
export function crypto() {
  return process.getBuiltinModule('node:crypto');
}
