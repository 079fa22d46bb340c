import type { Subject } from '../subject.ts';
import { callSetup } from './call-setup.ts';
import { detector } from './detector.ts';
import { frames } from './frames.ts';
import { playout } from './playout.ts';
import { records } from './records.ts';
import { resampling } from './resampling.ts';
import { turn } from './turn.ts';

/** Each is measured in a process of its own. */
export const subjects: Readonly<Record<string, () => Promise<Subject>>> = {
  frames,
  resampling,
  detector,
  playout,
  turn,
  records,
  'call-setup': callSetup,
};
