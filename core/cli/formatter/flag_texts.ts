import { string } from "../flags/basic.ts";

/** --format of a list. */
export const listFormat = string({
  usage: `How to print it:
'table':            a table with the usual columns (default)
'table TEMPLATE':   a table with columns of a Go template
'json':             JSON, one line each
'TEMPLATE':         a Go template for each
See https://docs.docker.com/go/formatting/ for more on templates`,
});

/** -f, --format of inspect. */
export const inspectFormat = string({
  short: "f",
  usage: `How to print it:
'json':             JSON on one line
'TEMPLATE':         a Go template for each
See https://docs.docker.com/go/formatting/ for more on templates`,
});
