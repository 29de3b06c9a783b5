import { readBackground, refuseRest, type BackgroundDraft } from './background.ts';
import type { Report } from './report.ts';
import type { Pragma } from './tree.ts';

/** Reads `@events`: a topic and its function a line. */
export function readEvents(pragma: Pragma | undefined, report: Report): readonly BackgroundDraft[] {
  if (pragma === undefined) return [];
  const lines = readBackground(pragma, { kind: 'events', noun: 'event', known: [] }, report);
  for (const line of lines) refuseRest(line, 'event', report);
  return lines.map(({ draft }) => draft);
}
