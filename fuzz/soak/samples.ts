/** What is in use at one moment. */
export interface Sample {
  readonly atMs: number;
  /** Of the sandbox alone. */
  readonly residentBytes: number;
  readonly usedBytes: number;
  /** Open files, sockets and pipes of the sandbox. */
  readonly descriptors: number;
  /** Handlers, and what builds them. */
  readonly processes: number;
  readonly handles: number;
}

/** What traffic has done so far. */
export interface Counts {
  readonly messages: number;
  readonly connections: number;
  readonly saves: number;
}

const columns = [
  { name: 'resident MB', of: ({ residentBytes }) => residentBytes / 1024 / 1024 },
  { name: 'in use MB', of: ({ usedBytes }) => usedBytes / 1024 / 1024 },
  { name: 'descriptors', of: ({ descriptors }) => descriptors },
  { name: 'processes', of: ({ processes }) => processes },
  { name: 'handles', of: ({ handles }) => handles },
] as const satisfies readonly { name: string; of: (sample: Sample) => number }[];

/** What is left when everything has come down: the least of each. */
export function lowest(samples: readonly Sample[]): Sample {
  const least = (of: (sample: Sample) => number) => Math.min(...samples.map(of));
  return {
    atMs: Math.max(...samples.map(({ atMs }) => atMs)),
    residentBytes: least(({ residentBytes }) => residentBytes),
    usedBytes: least(({ usedBytes }) => usedBytes),
    descriptors: least(({ descriptors }) => descriptors),
    processes: least(({ processes }) => processes),
    handles: least(({ handles }) => handles),
  };
}

/** How much more there may be at the end than after the first minute. */
const mostGrowth = 1.1;

/** What has grown by more than a tenth; one sentence each. */
export function growth(before: Sample, after: Sample): readonly string[] {
  return columns.flatMap(({ name, of }) => {
    const [was, is] = [of(before), of(after)];
    return is > was * mostGrowth ? [`${name} grew from ${show(was)} to ${show(is)}.`] : [];
  });
}

/** The samples as the rows of a page; the two at rest stand last. */
export function describeSamples(
  rows: readonly { readonly sample: Sample; readonly counts: Counts; readonly what: string }[],
): string {
  const startedAtMs = rows[0]?.sample.atMs ?? 0;
  return [
    `| when | minute | messages | connections | saves | ${columns.map(({ name }) => name).join(' | ')} |`,
    `| --- | --- | --- | --- | --- | ${columns.map(() => '---').join(' | ')} |`,
    ...rows.map(({ sample, counts, what }) => {
      const minute = ((sample.atMs - startedAtMs) / 60_000).toFixed(1);
      const { messages, connections, saves } = counts;
      return `| ${[what, minute, messages, connections, saves, ...columns.map(({ of }) => show(of(sample)))].join(' | ')} |`;
    }),
  ].join('\n');
}

function show(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
