// npm start: from a fresh clone to the page.
import { ensureBuilt } from "./build.mjs";
import { ensurePackages, root, run } from "./packages.mjs";

ensurePackages();
ensureBuilt();
run(process.execPath, [`${root}/dist/drydock`, "page", ...process.argv.slice(2)], { shell: false });
