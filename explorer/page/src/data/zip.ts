/** A ZIP archive of files that are compressed already: stored as they are. */

export interface ZipFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** The archive (PKWARE APPNOTE, local headers, central directory, end record); names are UTF-8. */
export function zip(files: readonly ZipFile[]): Blob {
  const parts: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let offset = 0;
  let size = 0;
  for (const { name, bytes } of files) {
    const title = new TextEncoder().encode(name);
    // Version 2.0, UTF-8 names, stored, no time; then checksum, sizes and the length of the name.
    const common = [word(20), word(0x0800), word(0), word(0), word(33), double(crc32(bytes)), double(bytes.length), double(bytes.length), word(title.length), word(0)];
    const local = joined([double(0x04034b50), ...common, title]);
    const central = joined([double(0x02014b50), word(20), ...common, word(0), word(0), word(0), double(0), double(offset), title]);
    parts.push(local, bytes as Uint8Array<ArrayBuffer>);
    directory.push(central);
    offset += local.length + bytes.length;
    size += central.length;
  }
  const end = joined([double(0x06054b50), word(0), word(0), word(files.length), word(files.length), double(size), double(offset), word(0)]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

function word(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >>> 8) & 255);
}

function double(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
