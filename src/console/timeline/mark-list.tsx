import { Anchor, Text } from '@mantine/core';
import { memo } from 'react';
import type { Mark } from '../../inspection/format.ts';
import { lookOf, markWords, timeText } from './mark-words.ts';
import classes from './timeline.module.css';

/** All marks in words, for whoever cannot see or point at the drawing; closed until it is wanted. */
export const MarkList = memo(
  ({ marks, onSeek }: { marks: readonly Mark[]; onSeek: ((atMs: number) => void) | undefined }) => {
    const told = marks.filter(({ kind }) => kind !== 'carrierMark' && kind !== 'play');
    if (told.length === 0) return null;
    return (
      <details className={classes.list}>
        <summary>
          <Text span size="sm">
            {`${told.length} ${told.length === 1 ? 'mark' : 'marks'} in words`}
          </Text>
        </summary>
        <ol>
          {told.map((mark, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: marks come at the end and never change places
            <li key={index} data-kind={mark.kind}>
              {onSeek ? (
                <Anchor component="button" type="button" size="sm" onClick={() => onSeek(mark.atMs)}>
                  {timeText(mark.atMs)}
                </Anchor>
              ) : (
                <Text span size="sm" ff="monospace">
                  {timeText(mark.atMs)}
                </Text>
              )}{' '}
              <Text span size="sm">
                <span aria-hidden>{lookOf(mark.kind).sign}</span> {markWords(mark)}
              </Text>
            </li>
          ))}
        </ol>
      </details>
    );
  },
);
