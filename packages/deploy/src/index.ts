export { deployTarget, type Stage, type Target } from './target.ts';
