const lengthAt = 1;
const finalText = 0x81;
/** The longest payload whose length is told in 7 bits, and in 16, bytes. */
const mostIn7Bits = 125;
const mostIn16Bits = 0xffff;

/** A whole text message as a server sends it: one final frame, not masked (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const headBytes = bytes <= mostIn7Bits ? 2 : bytes <= mostIn16Bits ? 4 : 10;
  const frame = Buffer.allocUnsafe(headBytes + bytes);
  frame[0] = finalText;
  if (headBytes === 2) frame[lengthAt] = bytes;
  else if (headBytes === 4) {
    frame[lengthAt] = 126;
    frame.writeUInt16BE(bytes, 2);
  } else {
    frame[lengthAt] = 127;
    frame.writeBigUInt64BE(BigInt(bytes), 2);
  }
  frame.write(text, headBytes);
  return frame;
}
