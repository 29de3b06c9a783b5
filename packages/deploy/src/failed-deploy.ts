/** What went wrong first when a stack was changed, and what became of the stack. */
export interface FailedDeploy {
  readonly stackName: string;
  /** `function join (JoinWSLambda)` */
  readonly what: string | undefined;
  /** `created`, `updated`, `removed` */
  readonly deed: string;
  readonly reason: string;
  readonly status: string;
}
