import { SimpleGrid, Text } from '@mantine/core';
import type { CallRecord } from '../../records/call-record.ts';
import { lengthText, msText, whenText } from './record-words.ts';
import classes from './records.module.css';

/** What there is to know of a past call in a word each. */
export function CallFacts({ record }: { readonly record: CallRecord }) {
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm" m={0} className={classes.facts}>
      {factsOf(record).map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0}>
            {value}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}

function factsOf(record: CallRecord): readonly (readonly [string, string])[] {
  const { agent, parties, silence, interruptions, verdicts, reconnects, tokens, cost } = record;
  return [
    ['Began', whenText(record.startedAt)],
    ['Lasted', lengthText(record.durationMs)],
    ['Agent', `${agent.name}, file ${agent.file}`],
    ['Model', `${agent.model}, voice ${agent.voice}`],
    ['Caller', parties?.from ?? 'unknown'],
    ['Called', parties?.to ?? 'unknown'],
    ['Exotel’s id', parties?.callSid ?? 'none'],
    ['Line', parties ? `${parties.sampleRateHz} Hz` : 'never began'],
    ...(record.transferTo === undefined ? [] : [['Passed on to', record.transferTo] as const]),
    ['Caller interrupted', timesText(interruptions.byCaller)],
    ['Agent interrupted', timesText(interruptions.byAgent)],
    ['Barge-ins', `${verdicts.confirmed} confirmed, ${verdicts.rejected} rejected`],
    ['Silence', `${msText(silence.totalMs)}, longest ${msText(silence.longestMs)}`],
    [
      'Connections to the model',
      `${reconnects.lost} lost, ${reconnects.resumed} resumed, ${reconnects.fresh} begun anew`,
    ],
    [
      'Tokens',
      tokens
        ? `${tokens.prompt} in (${tokens.cached} cached), ${tokens.response} out, ${tokens.thoughts} thoughts`
        : 'not counted',
    ],
    ['Cost', cost ? `$${cost.usd.toFixed(4)}, by estimate` : 'not known'],
    ['Kept until', record.keepUntil ? whenText(record.keepUntil) : 'it is deleted'],
  ];
}

function timesText(times: number): string {
  return times === 0 ? 'never' : times === 1 ? 'once' : `${times} times`;
}
