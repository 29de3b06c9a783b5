import { services } from '../services.ts';
import { createTables } from '../tables.ts';

// Marked so, a handler that does not use it does without it.
export const tables = /* @__PURE__ */ createTables(services);
