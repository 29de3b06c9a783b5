import { createEvents } from '../publish.ts';
import { services } from '../services.ts';

// Marked so, a handler that does not use it does without it.
export const events = /* @__PURE__ */ createEvents(services);
