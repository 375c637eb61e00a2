/** The docker command line that this one is compatible with; both are shown by `docker version`. */
export const version = "28.2.2";
export const gitCommit = "e6534b4";
