const types: Record<string, string> = {
  html: "text/html", htm: "text/html", css: "text/css", txt: "text/plain", xml: "text/xml", js: "application/javascript", json: "application/json",
  png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", svg: "image/svg+xml", ico: "image/x-icon", pdf: "application/pdf",
  wasm: "application/wasm", gz: "application/gzip", tar: "application/x-tar", mp4: "video/mp4", webp: "image/webp",
}; // prettier-ignore

/** The media type that a file's name ends in. */
export function contentType(path: string, otherwise = "application/octet-stream"): string {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase();
  return (extension !== undefined && types[extension]) || otherwise;
}
