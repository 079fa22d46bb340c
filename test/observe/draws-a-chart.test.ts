import { expect, test } from 'vitest';
import { createMachine } from 'xstate';
import { chartPicture } from '../../src/observe/index.ts';

const door = createMachine({
  id: 'door',
  initial: 'shut',
  on: { 'fire.started': '.open' },
  states: {
    shut: { on: { pushed: [{ guard: 'isUnlocked', target: 'open' }, { target: 'refusing' }] } },
    refusing: { after: { beepTime: 'shut' }, on: { kicked: 'shut', pulled: { actions: 'shake' } } },
    open: {
      initial: 'wide',
      states: { wide: { on: { 'wind.rose': '#door.guarded.lamp.lit' } }, ajar: { always: 'wide' } },
      on: { pulled: 'shut', 'house.left': 'guarded' },
    },
    guarded: {
      type: 'parallel',
      states: {
        lock: { initial: 'bolted', states: { bolted: { on: { broken: '#door.gone' } } } },
        lamp: { initial: 'dark', states: { dark: {}, lit: {} } },
      },
    },
    gone: { type: 'final' },
  },
});

test('draws nested and parallel states, and says what leads from each to the next', () => {
  expect(chartPicture(door)).toBe(`stateDiagram-v2
  state "all of door" as door_all
  state "shut" as shut
  state "refusing" as refusing
  state "open" as open {
    state "wide" as open_wide
    state "ajar" as open_ajar
    [*] --> open_wide
    open_ajar --> open_wide
  }
  state "guarded" as guarded {
    state "lock" as guarded_lock {
      state "bolted" as guarded_lock_bolted
      [*] --> guarded_lock_bolted
    }
    --
    state "lamp" as guarded_lamp {
      state "dark" as guarded_lamp_dark
      state "lit" as guarded_lamp_lit
      [*] --> guarded_lamp_dark
    }
  }
  state "gone" as gone
  [*] --> shut
  shut --> open : pushed [isUnlocked]
  shut --> refusing : pushed [else]
  refusing --> shut : kicked<br/>after beepTime
  open --> shut : pulled
  open --> guarded : house.left
  gone --> [*]
  door_all --> open : fire.started
  open_wide --> guarded_lamp_lit : wind.rose
  guarded_lock_bolted --> gone : broken
`);
});
