import { describe, expect, it } from 'vitest';
import { Transcript, type TranscriptLine } from '../../src/call/transcript.ts';
import type { ReplyAccount } from '../../src/playout/index.ts';

function transcript() {
  const lines: TranscriptLine[] = [];
  let nowMs = 0;
  const written = new Transcript(
    () => nowMs,
    (line) => lines.push(line),
  );
  return {
    written,
    lines,
    at: (ms: number) => {
      nowMs = ms;
    },
  };
}

/** The account of a reply of `generated` samples of which `heard` were heard. */
function heard(heardSamples: number, generated: number): ReplyAccount {
  const dropped = generated - heardSamples;
  return { reply: 1, by: 'model', generated, sent: generated, heard: heardSamples, dropped, queued: 0 };
}

describe('a line of the caller', () => {
  it('is joined from its fragments as they are, and complete when the agent speaks', () => {
    const { written, lines, at } = transcript();
    at(100);
    written.callerSaid(' Two');
    at(300);
    written.callerSaid(' cakes');
    written.callerSaid(', please. ');
    expect(lines).toEqual([]);
    at(900);
    written.agentSaid('Gladly.', 0);
    expect(lines).toEqual([{ who: 'caller', atMs: 100, text: 'Two cakes, please.', unheard: '' }]);
  });

  it('is complete when the call ends', () => {
    const { written, lines } = transcript();
    written.callerSaid('Hello?');
    written.endCallerLine();
    written.endCallerLine();
    expect(lines).toHaveLength(1);
  });
});

describe('two turns of the caller without a word of the agent between', () => {
  /** "A table." and then "Stop.", which goes on before the answer, or comes after it. */
  function twoTurns(goesOn: boolean): ReturnType<typeof transcript> {
    const told = transcript();
    told.written.callerBegan(false);
    told.at(100);
    told.written.callerSaid('A table.');
    told.at(900);
    told.written.callerBegan(goesOn);
    told.at(1200);
    told.written.callerSaid('St');
    told.written.callerSaid('op.');
    return told;
  }

  it.each([true, false])('are lines of their own, also in the recap; going on: %s', (goesOn) => {
    const { written, lines } = twoTurns(goesOn);
    expect(written.recap()).toBe('Caller: A table.\nCaller: Stop.');
    expect(written.lastOfCaller).toBe('Stop.');
    written.agentSaid('As you like.', 0);
    expect(lines).toEqual([
      { who: 'caller', atMs: 100, text: 'A table.', unheard: '' },
      { who: 'caller', atMs: 1200, text: 'Stop.', unheard: '' },
    ]);
  });

  it.each([
    { goesOn: true, again: 'A table. Stop.', texts: ['A table. Stop.'] },
    { goesOn: false, again: 'Stop.', texts: ['A table.', 'Stop.'] },
  ])('come once when they are said again to another connection: $texts', ({ goesOn, again, texts }) => {
    const { written, lines } = twoTurns(goesOn);
    written.callerRepeats();
    expect(written.recap()).toBe(goesOn ? '' : 'Caller: A table.');
    written.callerSaid(again);
    written.endCallerLine();
    expect(lines.map(({ text }) => text)).toEqual(texts);
  });

  it('leave no line for one that was not understood', () => {
    const { written, lines } = transcript();
    written.callerBegan(false);
    written.callerBegan(true);
    written.callerSaid('Stop.');
    written.endCallerLine();
    expect(lines.map(({ text }) => text)).toEqual(['Stop.']);
  });
});

describe('a line of the agent', () => {
  /** Words come ahead of their audio: each with the samples that had come before it. */
  function reply(): ReturnType<typeof transcript> {
    const told = transcript();
    told.at(50);
    told.written.agentSaid('We have', 0);
    told.written.agentSaid(' sponge cake,', 4000);
    told.written.agentSaid(' carrot cake', 9000);
    told.written.agentSaid(' and buns.', 15_000);
    return told;
  }

  it.each([
    { heardSamples: 20_000, text: 'We have sponge cake, carrot cake and buns.', unheard: '' },
    { heardSamples: 9500, text: 'We have sponge cake, carrot cake', unheard: 'and buns.' },
    { heardSamples: 9000, text: 'We have sponge cake,', unheard: 'carrot cake and buns.' },
    { heardSamples: 1, text: 'We have', unheard: 'sponge cake, carrot cake and buns.' },
    { heardSamples: 0, text: '', unheard: 'We have sponge cake, carrot cake and buns.' },
  ])('of which $heardSamples samples were heard holds "$text"', ({ heardSamples, text, unheard }) => {
    const { written, lines } = reply();
    written.endAgentLine(heard(heardSamples, 20_000));
    expect(lines).toEqual([{ who: 'agent', atMs: 50, text, unheard }]);
  });

  it('holds words that came after the last sound, when all of it was heard', () => {
    const { written, lines } = reply();
    written.agentSaid(' Anything else?', 20_000);
    written.endAgentLine(heard(20_000, 20_000));
    expect(lines[0]?.text).toMatch(/Anything else\?$/);
  });

  it.each([
    { torn: 9500, drained: 9500, text: 'We have sponge cake, carrot cake', unheard: 'and buns.' },
    { torn: 20_000, drained: 20_000, text: 'We have sponge cake, carrot cake and buns.', unheard: '' },
    { torn: 9500, drained: 5000, text: 'We have sponge cake,', unheard: 'carrot cake and buns.' },
  ])(
    'that was torn after $torn samples and heard to $drained holds "$text"',
    ({ torn, drained, text, unheard }) => {
      const { written, lines } = reply();
      written.agentTorn(torn);
      written.endAgentLine(heard(drained, torn));
      expect(lines).toEqual([{ who: 'agent', atMs: 50, text, unheard }]);
    },
  );

  it('that was torn and goes on holds what came of both', () => {
    const { written, lines } = reply();
    written.agentTorn(9500);
    expect(written.lastOfAgent).toBe('We have sponge cake, carrot cake');
    written.agentSaid(' and also buns.', 9500);
    written.endAgentLine(heard(30_000, 31_000));
    expect(lines[0]).toMatchObject({
      text: 'We have sponge cake, carrot cake and also buns.',
      unheard: 'and buns.',
    });
    expect(written.lastOfAgent).toBe('We have sponge cake, carrot cake and also buns.');
  });

  it('is not the last thing of the agent once the caller has spoken', () => {
    const { written } = reply();
    written.endAgentLine(heard(20_000, 20_000));
    written.callerSaid('Two.');
    written.endCallerLine();
    expect(written.lastOfAgent).toBe('');
  });

  it('is left out when there are no words', () => {
    const { written, lines } = transcript();
    written.endAgentLine(heard(100, 100));
    written.agentSaid('  ', 0);
    written.endAgentLine(heard(100, 100));
    expect(lines).toEqual([]);
  });
});

describe('a question', () => {
  it.each([
    ['How many?', 100, true],
    ['कितने?  ', 100, true],
    ['要几个？', 100, true],
    ['Two, then.', 100, false],
    ['How many?', 40, false],
  ])('%j heard to sample %s of 100 expects an answer: %s', (text, heardSamples, isQuestion) => {
    const { written } = transcript();
    written.agentSaid(text, 50);
    written.endAgentLine(heard(heardSamples, 100));
    expect(written.endsWithQuestion).toBe(isQuestion);
  });

  it('expects none once the caller has said something', () => {
    const { written } = transcript();
    written.agentSaid('How many?', 0);
    written.endAgentLine(heard(100, 100));
    written.callerSaid('Two.');
    written.endCallerLine();
    expect(written.endsWithQuestion).toBe(false);
  });
});

describe('the recap for a fresh session', () => {
  it('is what was heard, who said it first, and no more than 40 lines', () => {
    const { written } = transcript();
    for (let line = 1; line <= 45; line += 1) {
      written.callerSaid(`question ${line}`);
      written.agentSaid(`answer ${line}`, 0);
      written.agentSaid(' never heard', 90);
      written.endAgentLine(heard(50, 100));
    }
    const recap = written.recap().split('\n');
    expect(recap).toHaveLength(40);
    expect(recap.slice(-2)).toEqual(['Caller: question 45', 'You: answer 45']);
    expect(written.recap()).not.toContain('never heard');
  });
});
