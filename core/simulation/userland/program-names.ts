const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * The programs of the host, each a file of /usr/bin: those of `programs.ts`, whose code is only fetched when the first of
 * them runs, so that the names stand here as well; the shells; and docker, which the composition root hands in.
 */
export const hostPrograms: readonly string[] = words(`
  awk mawk cat chmod chown chgrp cp curl cut date dd diff cmp md5sum sha1sum sha256sum sha512sum df du od hexdump hd echo
  env printenv expr find grep egrep fgrep gzip gunzip zcat head hostname id whoami groups ip jq kill killall pidof pgrep pkill
  ln link ls dir nproc uptime free sync dmesg mknod mkfifo truncate install mkdir mount umount mv chroot unshare nsenter
  lsns su sudo ifconfig route netstat ss nc netcat telnet nslookup basename dirname readlink realpath which mktemp ping
  ping6 printf ps pwd rm rmdir script sed seq sleep tac rev nl paste comm fold base64 shuf sort stat tail tar tee tty clear
  reset stty test [ [[ time timeout nohup nice setsid touch tr true false uname arch uniq wc wget xargs yes
  dash bash docker`);

/** Programs that only images bring. */
export const imagePrograms: readonly string[] = words(
  "busybox envsubst gosu su-exec hello-world mongo mongosh mongod nginx registry",
);
