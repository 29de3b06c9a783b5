/** Cases that a server with API Gateway's rules cannot pass, and the code with which it refuses them. */
export interface ExpectedFailure {
  readonly cases: readonly string[];
  readonly closeCode: number;
  /** The rule, with its ids in PROTOCOL.md. */
  readonly reason: string;
}

export const expectedFailures: readonly ExpectedFailure[] = [
  {
    cases: ['1.2.1', '1.2.2', '1.2.3', '1.2.4', '1.2.5'],
    closeCode: 1003,
    reason: 'T093: binary messages are refused',
  },
  {
    cases: ['1.1.6', '1.1.7', '1.1.8'],
    closeCode: 1009,
    reason: 'T121: a single frame may have 32,768 bytes, these have 65,535 and 65,536',
  },
  {
    cases: ['1.2.6', '1.2.7', '1.2.8'],
    closeCode: 1009,
    reason: 'T121 and T093: frames of 65,535 and 65,536 bytes, and binary',
  },
];
