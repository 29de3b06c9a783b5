import { plainReason } from './operations/plain-reason.ts';

/** A reason that AWS gives, as a sentence that ends like one. */
export function sentence(reason: string): string {
  const text = plainReason(reason) || 'AWS gives no reason';
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
