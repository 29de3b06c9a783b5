/** What the emulator does otherwise than AWS, by row. */
export const emulatorGaps: ReadonlyMap<string, string> = new Map();
