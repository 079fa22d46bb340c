import { Badge, Group, Stack, Text } from '@mantine/core';
import { memo } from 'react';
import type { CallRecord } from '../../records/call-record.ts';
import { Lacking } from '../shell/lacking.tsx';
import { timeText } from '../timeline/mark-words.ts';
import { Json } from './json.tsx';
import { msText } from './record-words.ts';

/** The tools that the model called, with what they were given and what they answered. */
export const ToolList = memo(({ tools }: { readonly tools: CallRecord['tools'] }) => (
  <Stack gap="md">
    {tools.length === 0 && (
      <Text size="sm" c="dimmed">
        No tool was called.
      </Text>
    )}
    {tools.length > 0 && <Lacking scope="transcripts:read" what="arguments and results" />}
    {tools.map((tool, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the tools of a past call never change places
      <Stack key={index} gap={4}>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {tool.name}
          </Text>
          <Badge variant="light" color={tool.outcome === 'answered' ? 'green' : 'red'} tt="none" autoContrast>
            {tool.outcome}
          </Badge>
          <Text size="sm" c="dimmed">
            at {timeText(Math.max(0, tool.endedMs - tool.durationMs))}, took {msText(tool.durationMs)}
          </Text>
        </Group>
        {tool.failure && <Text size="sm">{`${tool.failure.message} (${tool.failure.code})`}</Text>}
        <Json name={`What ${tool.name} was given`} label="Given" value={tool.arguments} />
        <Json name={`What ${tool.name} answered`} label="Answered" value={tool.result} />
      </Stack>
    ))}
  </Stack>
));
