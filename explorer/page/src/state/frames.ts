/** Decoded pictures of a video: the overlay changes in the same moment as the picture that it belongs to. */

import { fetchBlob } from "../data/fetching.ts";

/** Pictures kept and fetched ahead; a second or two of video. */
const KEPT = 48;
const AHEAD = 6;

export class Frames {
  private readonly url: (frame: number) => string;
  private readonly count: number;
  private readonly fetched = new Map<number, Promise<ImageBitmap>>();

  constructor(count: number, url: (frame: number) => string) {
    this.count = count;
    this.url = url;
  }

  /** The picture of a frame; those after it are fetched meanwhile. */
  get(frame: number): Promise<ImageBitmap> {
    const wanted = this.fetch(frame);
    for (let next = frame + 1; next <= Math.min(frame + AHEAD, this.count - 1); next++) void this.fetch(next).catch(() => undefined);
    return wanted;
  }

  close(): void {
    for (const loading of this.fetched.values()) loading.then((bitmap) => bitmap.close(), () => undefined);
    this.fetched.clear();
  }

  private fetch(frame: number): Promise<ImageBitmap> {
    const known = this.fetched.get(frame);
    // What was asked for last is at the end; the front is dropped first. (Dropped pictures are freed by the browser:
    // one of them may be on the screen.)
    if (known) this.fetched.delete(frame);
    const loading = known ?? fetchBlob(this.url(frame), `The picture of frame ${frame}`).then((blob) => createImageBitmap(blob));
    this.fetched.set(frame, loading);
    if (!known) loading.catch(() => this.fetched.delete(frame)); // the server may still be decoding: ask again next time
    for (const old of this.fetched.keys()) {
      if (this.fetched.size <= KEPT) break;
      this.fetched.delete(old);
    }
    return loading;
  }
}
