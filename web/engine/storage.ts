import type { SessionLog } from "../../core/session/log.ts";

const storeName = "sessions";
const key = "machine";

/** The machine's log in this browser's IndexedDB; null when there is none. */
export async function loadSession(): Promise<SessionLog | null> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const request = database.transaction(storeName).objectStore(storeName).get(key);
    request.onsuccess = () => resolve((request.result as SessionLog | undefined) ?? null);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}

/** Keeps the machine's log; null forgets it. */
export async function saveSession(log: SessionLog | null): Promise<void> {
  const database = await open();
  await new Promise<void>((resolve, reject) => {
    const transaction = database.transaction(storeName, "readwrite");
    const store = transaction.objectStore(storeName);
    if (log) store.put(log, key);
    else store.delete(key);
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error ?? new Error("IndexedDB"));
  });
}

let opened: Promise<IDBDatabase> | undefined;
function open(): Promise<IDBDatabase> {
  return (opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("drydock", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  }));
}
