import { Anchor, Text } from '@mantine/core';
import { memo, useEffect, useRef } from 'react';
import type { Line, OpenWords } from '../../inspection/format.ts';
import { timeText } from './mark-words.ts';
import classes from './transcript.module.css';

/** What was said, and what may be done with it. */
export interface TranscriptProps {
  readonly lines: readonly Line[];
  /** What is being said. */
  readonly words?: OpenWords | undefined;
  /** What stands there when nobody has said anything. */
  readonly whenEmpty: string;
  readonly onSeek?: ((atMs: number) => void) | undefined;
  /** Which line is being played. */
  readonly litLine?: number | undefined;
}

/** The words of a call; those of the agent that the caller did not hear are struck out. */
export const Transcript = memo(({ lines, words, whenEmpty, onSeek, litLine }: TranscriptProps) => {
  const frame = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  const isEmpty = lines.length === 0 && !words?.caller && !words?.agent;

  // biome-ignore lint/correctness/useExhaustiveDependencies: new words are what moves it
  useEffect(() => {
    if (words && isAtEnd.current) frame.current?.scrollTo({ top: frame.current.scrollHeight });
  }, [lines, words]);

  useEffect(() => {
    const lit = litLine === undefined ? undefined : frame.current?.children[litLine];
    if (!(lit instanceof HTMLElement) || !frame.current) return;
    frame.current.scrollTo({ top: lit.offsetTop - frame.current.offsetTop - 40 });
  }, [litLine]);

  return (
    <section
      ref={frame}
      className={classes.frame}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Transcript"
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        isAtEnd.current = scrollTop + clientHeight > scrollHeight - 24;
      }}
    >
      {isEmpty && (
        <Text size="sm" c="dimmed">
          {whenEmpty}
        </Text>
      )}
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the words of a call come at the end and never change places
        <Said key={index} line={line} onSeek={onSeek} isLit={index === litLine} />
      ))}
      {words?.caller && <Open who="caller" text={words.caller} />}
      {words?.agent && <Open who="agent" text={words.agent} />}
    </section>
  );
});

const names = { caller: 'Caller', agent: 'Agent' } as const;

interface SaidProps {
  readonly line: Line;
  readonly onSeek: ((atMs: number) => void) | undefined;
  readonly isLit: boolean;
}

const Said = memo(({ line, onSeek, isLit }: SaidProps) => {
  const { who, atMs, text, unheard } = line;
  return (
    <p className={classes.line} data-who={who} data-lit={isLit || undefined}>
      {onSeek ? (
        <Anchor component="button" type="button" size="xs" onClick={() => onSeek(atMs)}>
          {timeText(atMs)}
        </Anchor>
      ) : (
        <span className={classes.time}>{timeText(atMs)}</span>
      )}{' '}
      <b>{names[who]}</b> {text} {unheard && <del title="The caller did not hear this">{unheard}</del>}
    </p>
  );
});

function Open({ who, text }: { readonly who: Line['who']; readonly text: string }) {
  return (
    <p className={classes.line} data-who={who} data-open>
      <b>{names[who]}</b> {text} …
    </p>
  );
}
