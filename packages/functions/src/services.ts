import { settle, type Callback } from './callback.ts';
import { atCallSite, captureCallSite } from './errors.ts';

/** Parameters by the parts of their names; a part is a text or has parts of its own. */
export interface Services {
  readonly [part: string]: string | Services;
}

interface Found {
  readonly path: string;
  readonly services: Promise<Services>;
}

/** Makes `arc.services`, which remembers what it found for a stack; a failure is forgotten. */
export function createServices() {
  let found: Found | undefined;

  async function find(): Promise<Services> {
    const { loadParameters, stackPath } = await import('./parameters.ts');
    const path = stackPath();
    if (found?.path === path) return found.services;
    const services = loadParameters(path);
    const current: Found = { path, services };
    found = current;
    try {
      return await services;
    } catch (error) {
      if (found === current) found = undefined;
      throw error;
    }
  }

  /**
   * Reads the SSM parameters below `/[StackName]` as a nested map, once per process: `services.ws.wss` is
   * `/[StackName]/ws/wss`.
   *
   * @throws {STACK_NAME_MISSING} when neither `ARC_STACK_NAME` nor `AWS_CLOUDFORMATION` is set.
   * @throws {CREDENTIALS_MISSING} when Lambda's variables for keys and region are not set.
   * @throws {ServiceError} when SSM refuses, for instance `AccessDeniedException`.
   */
  function services(): Promise<Services>;
  function services(callback: Callback<Services>): undefined;
  function services(callback?: Callback<Services>): Promise<Services> | undefined {
    const site = captureCallSite(services);
    const result = find().catch((error: unknown) => {
      throw atCallSite(error, site);
    });
    return settle(result, callback);
  }
  return services;
}

/** `arc.services`, which the rest of the library asks, too. */
export const services = /* @__PURE__ */ createServices();
