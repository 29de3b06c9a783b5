export { http } from '../http/http.ts';
