import { Text } from '@mantine/core';
import { memo } from 'react';
import type { Turn } from '../../inspection/format.ts';
import classes from './latency-waterfall.module.css';
import { type ReplyParts, replyParts } from './reply-parts.ts';

/** Shown at least, ms: a quick reply is to look quick. */
const leastMs = 1500;

/** What each reply's delay was made of, the latest first. */
export const LatencyWaterfall = memo(({ turns }: { readonly turns: readonly Turn[] }) => {
  const replies = turns.flatMap(replyParts).reverse();
  if (replies.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No turn of the caller has been answered yet.
      </Text>
    );
  }
  const longestMs = Math.max(leastMs, ...replies.map(({ totalMs }) => totalMs));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.frame} tabIndex={0} aria-label="Latency of each reply">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Turn</th>
            <th scope="col" className={classes.bars}>
              <span className={classes.key} data-part="endOfTurn">
                End of turn
              </span>
              <span className={classes.key} data-part="model">
                Model
              </span>
              <span className={classes.key} data-part="prebuffer">
                Prebuffer
              </span>
            </th>
            <th scope="col">ms</th>
          </tr>
        </thead>
        <tbody>
          {replies.map((reply) => (
            <Reply key={reply.turn} reply={reply} longestMs={longestMs} />
          ))}
        </tbody>
      </table>
    </section>
  );
});

const Reply = memo(({ reply, longestMs }: { reply: ReplyParts; longestMs: number }) => {
  let fromMs = 0;
  const told = reply.parts.map(({ name, ms }) => `${name} ${ms} ms`).join(', ');
  return (
    <tr>
      <th scope="row">{reply.turn}</th>
      <td className={classes.bars}>
        <svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={told}>
          <title>{told}</title>
          {reply.parts.map(({ part, ms }) => {
            const x = (fromMs / longestMs) * 100;
            fromMs += ms;
            return (
              <rect key={part} data-part={part} x={x} y={0} width={(ms / longestMs) * 100} height={10} />
            );
          })}
        </svg>
      </td>
      <td>{reply.totalMs}</td>
    </tr>
  );
});
