import { Badge, Group, Stack, Text } from '@mantine/core';
import type { CallRecord } from '../../records/call-record.ts';
import { Lacking } from '../shell/lacking.tsx';
import { Part } from '../shell/part.tsx';
import { timeText } from '../timeline/mark-words.ts';
import { Json } from './json.tsx';

/** What a call left behind: messages, what was read out of it, what whoever took it over was told. */
export function OutcomeParts({ record }: { readonly record: CallRecord }) {
  const { messages = [], extraction, summary } = record;
  return (
    <>
      {messages.length > 0 && (
        <Part title="Messages">
          <Stack gap="sm">
            {messages.map(({ atMs, from, number, text, urgent }) => (
              <div key={`${atMs} ${text}`}>
                <Group gap="xs">
                  <Text size="sm" fw={600}>
                    {from || 'Somebody'}
                  </Text>
                  {urgent && (
                    <Badge color="red" tt="none" autoContrast>
                      urgent
                    </Badge>
                  )}
                  <Text size="sm" c="dimmed">
                    at {timeText(atMs)}
                    {number && `, call back ${number}`}
                  </Text>
                </Group>
                <Text size="sm">{text}</Text>
              </div>
            ))}
          </Stack>
        </Part>
      )}
      {summary !== undefined && (
        <Part title="Told to whoever took the call over">
          <Text size="sm">{summary}</Text>
        </Part>
      )}
      {extraction && (
        <Part title="Read out of the call">
          <Stack gap={4}>
            {extraction.failure && (
              <Text size="sm">{`${extraction.failure.message} (${extraction.failure.code})`}</Text>
            )}
            <Json name="What was read out of the call" label={extraction.model} value={extraction.data} />
            <Text size="xs" c="dimmed">
              {extraction.tokens.prompt} tokens in, {extraction.tokens.response} out
              {extraction.cost && `, $${extraction.cost.usd.toFixed(4)}`}
            </Text>
          </Stack>
        </Part>
      )}
      <Lacking scope="transcripts:read" what="what was said, messages and what was read out of the call" />
    </>
  );
}
