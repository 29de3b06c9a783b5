export { staticPath as static } from '../static.ts';
