/** What a reader sets once, kept in this browser. */

export type Theme = "system" | "light" | "dark";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

function stored(name: string): string | null {
  try {
    return localStorage.getItem(`groundgraph.${name}`);
  } catch {
    return null; // storage may be forbidden; the page works without
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(`groundgraph.${name}`, value);
  } catch {
    // see above
  }
}

export const preferences = {
  get theme(): Theme {
    return THEMES.find((theme) => theme === stored("theme")) ?? "system";
  },
  set theme(theme: Theme) {
    store("theme", theme);
    applyTheme();
  },
  /** Single letters can get in the way of speech input, so they can be turned off (WCAG 2.1.4). */
  get shortcuts(): boolean {
    return stored("shortcuts") !== "off";
  },
  set shortcuts(on: boolean) {
    store("shortcuts", on ? "on" : "off");
  },
};

export function nextTheme(): Theme {
  return THEMES[(THEMES.indexOf(preferences.theme) + 1) % THEMES.length];
}

export function applyTheme(): void {
  const { theme } = preferences;
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
