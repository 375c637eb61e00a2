import type { MessageSink } from "./messages.ts";

/** Where the messages of a quiet command go. */
export const nowhere: MessageSink = { columns: undefined, write: () => Promise.resolve() };
