export interface FunctionFacts {
  readonly functionName: string;
  readonly memoryMegabytes: number;
  readonly logStreamName: string;
  readonly functionArn: string;
}

/** Lambda's `context` for one event (fact H12). */
export function createContext(
  facts: FunctionFacts,
  event: { readonly requestId: string; readonly deadlineMs: number },
): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: '$LATEST',
    functionName: facts.functionName,
    memoryLimitInMB: String(facts.memoryMegabytes),
    logGroupName: `/aws/lambda/${facts.functionName}`,
    logStreamName: facts.logStreamName,
    clientContext: undefined,
    identity: undefined,
    tenantId: undefined,
    invokedFunctionArn: facts.functionArn,
    awsRequestId: event.requestId,
    getRemainingTimeInMillis: () => event.deadlineMs - Date.now(),
  };
}
