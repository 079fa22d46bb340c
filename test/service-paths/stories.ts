import type { Act } from './acts.ts';
import {
  backchannel,
  draining,
  generated,
  leadMs,
  nudged,
  type OutsideStory,
  patient,
  quiet,
  renewing,
  speaking,
  speaks,
  until,
} from './outside.ts';

/** The model takes the floor while the caller is still speaking. */
const cutIn = (speakMs: number, audioMs: number): Act[] => [
  ...quiet,
  ...speaks(speakMs, 'listening.callerSpeaking'),
  { audio: audioMs },
  until(audioMs < leadMs ? 'modelSpeaking.priming' : 'modelSpeaking.speaking'),
];

/** Situations behind the greeting that take more than coming to a state. */
export const stories: readonly OutsideStory[] = [
  {
    title: 'a backchannel goes on as a sentence when the reply has ended',
    agent: 'listens',
    acts: [
      ...draining(700),
      { pass: 200 },
      ...backchannel('draining.playingOut'),
      until('listening.quiet'),
      { speak: 300 },
      { pass: 300 },
    ],
  },
  {
    title: 'a backchannel ends when the reply has ended',
    agent: 'listens',
    acts: [
      ...draining(700),
      { pass: 200 },
      ...backchannel('draining.playingOut'),
      until('listening.quiet'),
      { pass: 700 },
    ],
  },
  {
    title: 'a backchannel goes on as a sentence when the model has given way to it',
    agent: 'listens',
    acts: [
      ...speaking(3000),
      ...backchannel('modelSpeaking.speaking'),
      { model: 'interrupted' },
      { model: 'turnComplete' },
      until('awaitingReply.patient'),
      { speak: 300 },
      { pass: 300 },
    ],
  },
  {
    title: 'a backchannel ends when the model has given way to it',
    agent: 'listens',
    acts: [
      ...speaking(3000),
      ...backchannel('modelSpeaking.speaking'),
      { model: 'interrupted' },
      { model: 'turnComplete' },
      { pass: 700 },
    ],
  },
  {
    title: 'the line is lost under the caller’s turn',
    agent: 'listens',
    acts: [...quiet, ...speaks(3000, 'listening.callerSpeaking'), { uplink: 'lost' }, { pass: 6000 }],
  },
  {
    title: 'the line is lost while a verdict is awaited',
    agent: 'listens',
    acts: [...speaking(3000), ...speaks(3000, 'modelSpeaking.yielding'), { uplink: 'lost' }, { pass: 1000 }],
  },
  {
    title: 'the line is lost while a verdict is awaited, the reply being generated',
    agent: 'listens',
    acts: [...draining(3000), ...speaks(3000, 'draining.yielding'), { uplink: 'lost' }, { pass: 1000 }],
  },
  {
    title: 'the caller asks a silent model again, shortly',
    agent: 'listens',
    acts: [...nudged, { speak: 200 }, { pass: 950 }],
  },
  {
    title: 'the model adds to a reply that it had ended, and stalls',
    agent: 'listens',
    acts: [...draining(300), { audio: 200 }, { pass: 700 }],
  },
  {
    title: 'the tail of a reply is heard out under the caller’s first word',
    agent: 'listens',
    acts: [...draining(1000), { pass: 760 }, { speak: 400 }, { pass: 900 }],
  },
  {
    title: 'a stalled reply is asked for again, and the caller asks as well',
    agent: 'listens',
    acts: [
      ...patient,
      { audio: 300 },
      until('modelSpeaking.stalled'),
      until('awaitingReply.nudged.quiet'),
      { pass: 800 },
      ...speaks(500, 'awaitingReply.nudged.callerSpeaking'),
      { pass: 600 },
    ],
  },
  {
    title: 'what the model says of a reply that nobody waits for any more',
    agent: 'listens',
    acts: [
      ...renewing,
      { pass: 150 },
      generated,
      { model: 'interrupted' },
      { model: 'turnComplete' },
      { pass: 100 },
    ],
  },
  {
    title: 'the model cuts in, and the caller goes on',
    agent: 'leavesTurnsToGemini',
    acts: [...cutIn(1500, 50), { pass: 800 }],
  },
  {
    title: 'the model cuts in with a long reply, and the caller goes on',
    agent: 'leavesTurnsToGemini',
    acts: [...cutIn(1500, 1000), { pass: 800 }],
  },
  {
    title: 'the model cuts in with a whole reply, and the caller goes on',
    agent: 'leavesTurnsToGemini',
    acts: [...cutIn(1500, 1000), generated, { pass: 800 }],
  },
  {
    title: 'the model cuts in with a word, and the caller goes on',
    agent: 'leavesTurnsToGemini',
    acts: [...cutIn(1500, 100), generated, until('listening.quiet'), { pass: 800 }],
  },
  {
    title: 'the model cuts in with a word, and the caller stops',
    agent: 'leavesTurnsToGemini',
    acts: [
      ...quiet,
      ...speaks(900, 'listening.callerSpeaking'),
      { pass: 550 },
      { audio: 100 },
      generated,
      until('listening.quiet'),
      { pass: 900 },
    ],
  },
  {
    title: 'the model cuts in, and the caller stops',
    agent: 'leavesTurnsToGemini',
    acts: [
      ...quiet,
      ...speaks(900, 'listening.callerSpeaking'),
      { pass: 550 },
      { audio: 2000 },
      until('modelSpeaking.speaking'),
      { pass: 900 },
    ],
  },
  {
    title: 'the model cuts in with a whole reply, and the caller stops',
    agent: 'leavesTurnsToGemini',
    acts: [
      ...quiet,
      ...speaks(900, 'listening.callerSpeaking'),
      { pass: 550 },
      { audio: 2000 },
      until('modelSpeaking.speaking'),
      generated,
      { pass: 900 },
    ],
  },
  {
    title: 'the model cuts in and gives way, and the caller goes on',
    agent: 'leavesTurnsToGemini',
    acts: [...cutIn(1500, 50), { model: 'interrupted' }, { model: 'turnComplete' }, { pass: 800 }],
  },
  {
    title: 'the model cuts in and gives way, and the caller stops',
    agent: 'leavesTurnsToGemini',
    acts: [
      ...quiet,
      ...speaks(900, 'listening.callerSpeaking'),
      { pass: 550 },
      { audio: 50 },
      until('modelSpeaking.priming'),
      { model: 'interrupted' },
      { model: 'turnComplete' },
      { pass: 900 },
    ],
  },
  {
    title: 'the model takes a breath of the caller for the end, and a whole turn is waited for',
    agent: 'playsWholeTurnsOfGemini',
    acts: [
      ...quiet,
      ...speaks(900, 'listening.callerSpeaking'),
      { pass: 550 },
      { audio: 500 },
      until('modelSpeaking.priming'),
      { pass: 900 },
    ],
  },
  {
    title: 'the model takes a breath of the caller for the end, and the caller goes on',
    agent: 'playsWholeTurnsOfGemini',
    acts: [
      ...quiet,
      ...speaks(700, 'listening.callerSpeaking'),
      { pass: 800 },
      { audio: 500 },
      until('modelSpeaking.priming'),
      { speak: 300 },
      { pass: 300 },
    ],
  },
  {
    title: 'a whole turn that never comes is played as far as it has',
    agent: 'playsWholeTurns',
    acts: [...patient, { audio: 500 }, { pass: 3500 }],
  },
];
