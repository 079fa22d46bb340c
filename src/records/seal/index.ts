export { readSealKeys, type SealKeys } from './keys.ts';
export { readPlainText } from './plain-text.ts';
export { sealedDisk } from './sealed-disk.ts';
export { SealedFiles } from './sealed-files.ts';
export { openText, sealText } from './sealed-text.ts';
export { createSealedWav, repairSealedWav } from './sealed-wav.ts';
