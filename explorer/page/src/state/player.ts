/** Plays the frames of a video at its own pace, never ahead of its pictures. */

import type { OpenItem } from "./open.ts";
import type { Store } from "./store.ts";

/** For videos that do not say how fast they are. */
const USUAL_FPS = 5;

export class Player {
  playing = false;
  private readonly open: OpenItem;
  private readonly store: Store;
  private timer = 0;

  constructor(open: OpenItem, store: Store) {
    this.open = open;
    this.store = store;
  }

  toggle(): void {
    if (this.playing) {
      this.stop();
      this.store.go({ frame: this.open.frame }, "replace");
    } else if (this.open.count > 1) {
      this.playing = true;
      this.store.update(() => undefined);
      void this.step();
    }
  }

  stop(): void {
    this.playing = false;
    clearTimeout(this.timer);
  }

  private async step(): Promise<void> {
    const started = performance.now();
    const [first, stop] = this.store.address.time ?? [0, this.open.count];
    const next = this.open.frame + 1;
    await this.open.turnTo(next >= Math.min(stop, this.open.count) || next < first ? first : next);
    if (!this.playing) return;
    const fps = this.open.main.graph?.fps ?? USUAL_FPS;
    this.timer = setTimeout(() => void this.step(), Math.max(0, 1000 / fps - (performance.now() - started)));
  }
}
