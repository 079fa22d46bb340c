export { Extractor } from './extractor.ts';
