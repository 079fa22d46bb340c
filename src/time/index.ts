export { type Clock, delay, systemClock, type Timer, within } from './clock.ts';
export { type Chance, seededChance, systemChance } from './ids.ts';
export { SimulatedClock } from './simulated-clock.ts';
