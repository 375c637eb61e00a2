/** The docker command line that this one is compatible with; both are shown by `docker version`. */
export const version = "28.2.2";
export const gitCommit = "e6534b4";
/** What the command line that this one is compatible with was made by, and when. */
export const goVersion = "go1.24.3";
export const buildTime = "Fri May 30 12:07:14 2025";
