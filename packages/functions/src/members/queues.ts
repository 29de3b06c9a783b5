import { createQueues } from '../publish.ts';
import { services } from '../services.ts';

// Marked so, a handler that does not use it does without it.
export const queues = /* @__PURE__ */ createQueues(services);
