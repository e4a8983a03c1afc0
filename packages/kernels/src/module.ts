/**
 * A module that an engine understands; undefined where it has no WebAssembly, or not all that the module needs.
 *
 * @param prepare changes the bytes before they are compiled
 */
export function moduleOf(base64: string, prepare?: (bytes: Uint8Array) => void): WebAssembly.Module | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  prepare?.(bytes);
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined;
}
