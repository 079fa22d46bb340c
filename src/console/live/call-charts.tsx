import { charts } from 'virtual:charts';
import { Stack, Tabs } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import type { ChartState, Step } from '../../inspection/format.ts';
import { ChartView } from '../charts/chart-view.tsx';
import { actorsOf, litStates, takenArrows } from './chart-place.ts';
import { StepList } from './step-list.tsx';

const none: ReadonlySet<string> = new Set();

/** The charts of a call, one at a time, with the states in force and the transition that was taken last. */
export const CallCharts = memo(
  ({ running, steps }: { readonly running: readonly ChartState[]; readonly steps: readonly Step[] }) => {
    const [chosen, setChosen] = useState<string>('turn');
    const actors = actorsOf(running);
    const shown = actors.find(({ actor }) => actor === chosen) ?? actors[0];
    const state = running.find(({ actor }) => actor === shown?.actor);
    const drawn = charts.find(({ id }) => id === shown?.chart);
    const lit = useMemo(() => (state ? litStates(state) : none), [state]);
    const taken = useMemo(() => steps.filter(({ actor }) => actor === shown?.actor), [steps, shown?.actor]);
    const latest = taken.at(-1);
    const last = useMemo(() => (drawn && latest ? takenArrows(drawn, latest) : undefined), [drawn, latest]);
    return (
      <Tabs value={shown?.actor ?? null} onChange={(actor) => setChosen(actor ?? 'turn')} keepMounted={false}>
        <Tabs.List mb="xs">
          {actors.map(({ actor }) => (
            <Tabs.Tab key={actor} value={actor} px="xs">
              {actor}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown && (
          <Tabs.Panel value={shown.actor}>
            <Stack gap="xs">
              {drawn && <ChartView key={drawn.id} chart={drawn} lit={lit} last={last} />}
              <StepList steps={taken} />
            </Stack>
          </Tabs.Panel>
        )}
      </Tabs>
    );
  },
);
