import type { FunctionDefinition } from './app.ts';
import { faults } from './errors.ts';
import { readFolder } from './folders.ts';
import type { Report } from './report.ts';
import type { RouteSetting } from './settings.ts';
import type { Place, Word } from './tree.ts';
import { oneValue, type Setting } from './values.ts';

/** A route's function before its settings are known. */
export interface DraftFunction extends Omit<FunctionDefinition, 'settings'> {
  readonly viewsByDefault: boolean;
  /** @default false */
  readonly fifoByDefault?: boolean;
  /** Whether its author chose the folder. */
  readonly hasOwnFolder: boolean;
  /** Settings of a route that mean something for it. */
  readonly routeSettings: readonly RouteSetting[];
  /** Where it was declared. */
  readonly at: Place;
}

/** The folder that `src` names, or `fallback` when there is none or it is wrong. */
export function sourceDirOf(src: Setting | undefined, fallback: string, report: Report): string {
  const word: Word | undefined = src === undefined ? undefined : oneValue(src, report);
  return (word === undefined ? undefined : readFolder(word, report)) ?? fallback;
}

/**
 * Reports functions that would share a folder nobody chose. Case does not count, because some file systems ignore it.
 * A folder named by `src` may be shared on purpose.
 */
export function checkFolders(functions: readonly DraftFunction[], report: Report): void {
  const byFolder = new Map<string, DraftFunction>();
  for (const draft of functions) {
    if (draft.hasOwnFolder) continue;
    const folder = draft.sourceDir.toLowerCase();
    const other = byFolder.get(folder);
    if (other === undefined) byFolder.set(folder, draft);
    else {
      const { label, at, sourceDir } = draft;
      report.add(
        faults.routeFolder(at, {
          label,
          other: other.label,
          line: other.at.line,
          folder: sourceDir,
        }),
      );
    }
  }
}
