/** Files of the index, with errors that a person can act on. */

/** Where the index lies: beside the page. */
const INDEX = "index/";

/** What went wrong with a file, in a sentence for the reader of the page. */
export class LoadError extends Error {}

export function indexUrl(path: string): string {
  return INDEX + path;
}

async function fetched(path: string, what: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path);
  } catch {
    const opened = location.protocol === "file:";
    throw new LoadError(
      opened
        ? "This page was opened as a file. Serve its folder, for example with “python -m http.server”, and open that address."
        : `${what} could not be fetched: the server does not answer. Is it still running?`,
    );
  }
  if (response.status === 410) throw new LoadError("The index was rebuilt meanwhile. Load the page again.");
  if (!response.ok) throw new LoadError(`${what} is missing (${path}, status ${response.status}).`);
  return response;
}

export async function fetchBytes(path: string, what: string): Promise<ArrayBuffer> {
  return (await fetched(path, what)).arrayBuffer();
}

export async function fetchBlob(path: string, what: string): Promise<Blob> {
  return (await fetched(path, what)).blob();
}

/** Parsed JSON; the caller checks its form. */
export async function fetchJson(path: string, what: string): Promise<unknown> {
  const text = await (await fetched(path, what)).text();
  try {
    return JSON.parse(text);
  } catch {
    throw new LoadError(`${what} is damaged (${path} is not valid JSON). Build the index again.`);
  }
}

export async function postJson(path: string, body: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new LoadError("The server does not answer. Is it still running?");
  }
  const value: unknown = await response.json().catch(() => null);
  if (response.ok) return value;
  const detail = isRecord(value) && typeof value.detail === "string" ? value.detail : `status ${response.status}`;
  throw new LoadError(`The question could not be answered: ${detail}.`);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
