export { ws } from '../ws.ts';
