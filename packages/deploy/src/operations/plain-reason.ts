/**
 * Why a resource failed, without what surrounds it: the handler's frame, service, status, ids of requests.
 *
 * `Resource handler returned message: "No such role. (Service: Iam, Status Code: 404, Request ID: 1f...)" (RequestToken:
 * 9c..., HandlerErrorCode: NotFound)` is `No such role.` What repeats values that were handed over, as Lambda does with
 * variables that it refuses, is cut. Pure; what has another form stays.
 */
export function plainReason(reason: string): string {
  return withoutValues(reason)
    .replace(/\s*\(RequestToken: [^()]*\)\s*$/, '')
    .replace(/^Resource handler returned message: "([\s\S]*?)"?$/, '$1')
    .replace(/^API: [\w-]+:\w+ /, '')
    .replaceAll(/\s*\(Service: [^()]*(?:\([^()]*\)[^()]*)*\)/g, '')
    .trim();
}

function withoutValues(reason: string): string {
  return reason
    .replace(/\s*String measured:[^]*/i, '')
    .replaceAll(/\bvalue '(?:\{[^]*' at\b|\{[^]*|[^]*?' at\b)/gi, 'value at');
}

/** What to do about the reasons that CloudFormation gives most often: the end of a sentence, or a whole one. */
export function wayOut(reason: string, stackName: string): string {
  const again = 'then run the command again';
  const action = /not authorized to perform:? (?:\S+:)?([\w-]+:\w+)/.exec(reason)?.[1];
  if (action !== undefined) return `Allow ${action} (docs/guide/deploy.md#permissions), ${again}.`;
  if (/already exists/i.test(reason)) return `Remove or rename what has the name already, ${again}.`;
  if (/NoSuchKey|NoSuchBucket/.test(reason)) return 'Run the command again: it sends the code once more.';
  if (/UnreservedConcurrentExecution/.test(reason)) {
    return `Lower "concurrency", or ask AWS for more of it (Service Quotas), ${again}.`;
  }
  if (/environment variables/i.test(reason) && /exceeded|limit/i.test(reason)) {
    return `Make the variables smaller, or remove some with "arc env remove NAME --env STAGE", ${again}.`;
  }
  if (/limit|quota/i.test(reason)) {
    return `Ask AWS for a higher limit (Service Quotas), or make the app smaller, ${again}.`;
  }
  return `Mend it, ${again}. All events: aws cloudformation describe-stack-events --stack-name ${stackName}`;
}

/** What ends a state in which CloudFormation waits for a person: the command, and what then. */
export function wayOutOf(status: string, stackName: string): string {
  switch (status) {
    case 'UPDATE_ROLLBACK_FAILED':
      return `Run "aws cloudformation continue-update-rollback --stack-name ${stackName}", then deploy again.`;
    case 'UPDATE_FAILED':
      return `Run "aws cloudformation rollback-stack --stack-name ${stackName}", then deploy again.`;
    case 'DELETE_FAILED':
      return 'Run "arc destroy" again: it goes on with what is left. Then deploy again.';
    default:
      return 'Look at its events in the CloudFormation console, mend what they name, then run the command again.';
  }
}
