/** One function as the executor needs it; the shells make these from the manifest. */
export interface RunnableFunction {
  /** Unique: `ws/default`, `http/get-index`. */
  readonly name: string;
  readonly kind: 'ws' | 'http';
  /** What people call it: `default`, `get /`. */
  readonly label: string;
  /** Absolute path of its folder. */
  readonly sourceDir: string;
  /** `file.export`, as Lambda has it. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMegabytes: number;
  /** Most environments at once. */
  readonly maxEnvironments: number;
  /** What the handler sees beside what every process has. */
  readonly env: Readonly<Record<string, string>>;
}
