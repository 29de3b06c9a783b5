export { parse, serialize } from 'cookie';
