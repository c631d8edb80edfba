export { judge } from './svix.ts';
