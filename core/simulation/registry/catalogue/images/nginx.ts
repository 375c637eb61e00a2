import type { CatalogueImage } from "../catalogue.ts";
import { debianFiles } from "../debian.ts";
import { publication } from "../publish.ts";
import type { Recipe, RecipeStep } from "../recipe.ts";
import { filledTo, type LayerTree } from "../tree.ts";
import { alpineRecipe } from "./alpine.ts";

const VERSION = "1.29.1";

const NGINX_CONF = `
user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;


events {
    worker_connections  1024;
}


http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile        on;
    keepalive_timeout  65;

    include /etc/nginx/conf.d/*.conf;
}
`;

const DEFAULT_CONF = `server {
    listen       80;
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`;

const WELCOME = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;

const ERROR_PAGE = `<!DOCTYPE html>
<html>
<head>
<title>Error</title>
</head>
<body>
<h1>An error occurred.</h1>
<p>Sorry, the page you are looking for is currently unavailable.<br/>
Please try again later.</p>
<p><em>Faithfully yours, nginx.</em></p>
</body>
</html>
`;

/** Runs what is in /docker-entrypoint.d before nginx itself, and says so. */
const ENTRYPOINT = `#!/bin/sh
# vim:sw=4:ts=4:et

set -e

entrypoint_log() {
    if [ -z "\${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ]; then
        echo "$@"
    fi
}

if [ "$1" = "nginx" ] || [ "$1" = "nginx-debug" ]; then
    if [ -n "$(ls /docker-entrypoint.d/ 2>/dev/null)" ]; then
        entrypoint_log "$0: /docker-entrypoint.d/ is not empty, will attempt to perform configuration"
        entrypoint_log "$0: Looking for shell scripts in /docker-entrypoint.d/"
        for script in /docker-entrypoint.d/*; do
            case "$script" in
                *.envsh)
                    if [ -x "$script" ]; then
                        entrypoint_log "$0: Sourcing $script"
                        . "$script"
                    else
                        entrypoint_log "$0: Ignoring $script, not executable"
                    fi
                    ;;
                *.sh)
                    if [ -x "$script" ]; then
                        entrypoint_log "$0: Launching $script"
                        "$script"
                    else
                        entrypoint_log "$0: Ignoring $script, not executable"
                    fi
                    ;;
                *) entrypoint_log "$0: Ignoring $script" ;;
            esac
        done
        entrypoint_log "$0: Configuration complete; ready for start up"
    else
        entrypoint_log "$0: No files found in /docker-entrypoint.d/, skipping configuration"
    fi
fi

exec "$@"
`;

const LISTEN_ON_IPV6 = `#!/bin/sh
# Lets the default server listen on IPv6, too, unless its configuration was changed.
set -e

entrypoint_log() {
    if [ -z "\${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ]; then
        echo "$@"
    fi
}

ME=\${0##*/}
CONF="etc/nginx/conf.d/default.conf"

if [ ! -f "/$CONF" ]; then
    entrypoint_log "$ME: info: /$CONF is not a file or does not exist"
    exit 0
fi
if ! touch "/$CONF" 2>/dev/null; then
    entrypoint_log "$ME: info: can not modify /$CONF (read-only file system?)"
    exit 0
fi
if grep -q "listen  *\\[::\\]:80;" "/$CONF"; then
    entrypoint_log "$ME: info: IPv6 listen already enabled"
    exit 0
fi
entrypoint_log "$ME: info: Getting the checksum of /$CONF"
sed -i -e 's,listen       80;,listen       80;\\n    listen  [::]:80;,' "/$CONF"
entrypoint_log "$ME: info: Enabled listen on IPv6 in /$CONF"

exit 0
`;

const LOCAL_RESOLVERS = `#!/bin/sh
# Names the servers of /etc/resolv.conf for nginx's resolver directive, when it is asked to.
set -eu
[ "\${NGINX_ENTRYPOINT_LOCAL_RESOLVERS:-}" ] || return 0
NGINX_LOCAL_RESOLVERS=$(awk '$1 == "nameserver" { printf "%s ", $2 }' /etc/resolv.conf)
export NGINX_LOCAL_RESOLVERS
`;

const ENVSUBST = `#!/bin/sh
# Fills the templates of /etc/nginx/templates in with the environment.
set -e

template_dir="\${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}"
suffix="\${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}"
output_dir="\${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}"

[ -d "$template_dir" ] || exit 0
for template in "$template_dir"/*"$suffix"; do
    [ -f "$template" ] || continue
    name=\${template##*/}
    echo "\${0##*/}: Running envsubst on $template to $output_dir/\${name%$suffix}"
    envsubst < "$template" > "$output_dir/\${name%$suffix}"
done
`;

const TUNE_WORKERS = `#!/bin/sh
# Sets the number of worker processes by the container's limits, when it is asked to.
set -eu
[ "\${NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE:-}" ] || exit 0
sed -i -e "s/^worker_processes .*/worker_processes  $(nproc);/" /etc/nginx/nginx.conf
`;

/** What the package brings. The logs go where docker logs sees them. */
function nginxFiles(size: number, program: number): LayerTree {
  return filledTo(size, "/usr/lib/nginx/modules/bundle.so", {
    "/docker-entrypoint.d": { directory: true },
    "/etc/nginx/conf.d/default.conf": { text: DEFAULT_CONF },
    "/etc/nginx/fastcgi_params": { size: 1_007 },
    "/etc/nginx/mime.types": { text: MIME_TYPES },
    "/etc/nginx/modules": { link: "/usr/lib/nginx/modules" },
    "/etc/nginx/nginx.conf": { text: NGINX_CONF },
    "/etc/nginx/scgi_params": { size: 636 },
    "/etc/nginx/uwsgi_params": { size: 664 },
    "/usr/bin/curl": { program: "curl", size: 312_104 },
    "/usr/bin/envsubst": { program: "envsubst", size: 43_120 },
    "/usr/sbin/nginx": { program: "nginx", version: VERSION, size: program },
    "/usr/share/nginx/html/50x.html": { text: ERROR_PAGE },
    "/usr/share/nginx/html/index.html": { text: WELCOME },
    "/var/cache/nginx": { directory: true, uid: 101 },
    "/var/log/nginx/access.log": { link: "/dev/stdout" },
    "/var/log/nginx/error.log": { link: "/dev/stderr" },
  });
}

const MIME_TYPES = `
types {
    text/html                                        html htm shtml;
    text/css                                         css;
    text/xml                                         xml;
    image/gif                                        gif;
    image/jpeg                                       jpeg jpg;
    application/javascript                           js;
    text/plain                                       txt;
    image/png                                        png;
    image/svg+xml                                    svg svgz;
    image/webp                                       webp;
    image/x-icon                                     ico;
    application/json                                 json;
    application/pdf                                  pdf;
    application/zip                                  zip;
    application/octet-stream                         bin exe dll;
    font/woff2                                       woff2;
    video/mp4                                        mp4;
}
`;

/** nginx's own account, put at the end of what the base has. */
const account = (base: LayerTree, shell: string): LayerTree => ({
  "/etc/group": { text: `${(base["/etc/group"] as { text: string }).text}nginx:x:101:\n` },
  "/etc/passwd": {
    text: `${(base["/etc/passwd"] as { text: string }).text}nginx:x:101:101:nginx user:/nonexistent:${shell}\n`,
  },
});

const script = (path: string, text: string): RecipeStep => ({
  shown: `COPY ${path.split("/").pop()} ${path.replace(/[^/]*$/, "")} # buildkit`,
  files: () => ({ [path]: { text, mode: 0o755 } }),
});

const entrypointSteps: RecipeStep[] = [
  script("/docker-entrypoint.sh", ENTRYPOINT),
  script("/docker-entrypoint.d/10-listen-on-ipv6-by-default.sh", LISTEN_ON_IPV6),
  script("/docker-entrypoint.d/15-local-resolvers.envsh", LOCAL_RESOLVERS),
  script("/docker-entrypoint.d/20-envsubst-on-templates.sh", ENVSUBST),
  script("/docker-entrypoint.d/30-tune-worker-processes.sh", TUNE_WORKERS),
  { instruction: 'ENTRYPOINT ["/docker-entrypoint.sh"]' },
  { instruction: "EXPOSE 80" },
  { instruction: "STOPSIGNAL SIGQUIT" },
  { instruction: 'CMD ["nginx", "-g", "daemon off;"]' },
];

const maintainer: RecipeStep = {
  instruction: 'LABEL maintainer="NGINX Docker Maintainers <docker-maint@nginx.com>"',
};

const bookworm = () =>
  debianFiles(
    {
      id: "debian",
      name: "Debian GNU/Linux",
      version: "12",
      codename: "bookworm",
      prettyName: "Debian GNU/Linux 12 (bookworm)",
      more: 'HOME_URL="https://www.debian.org/"\nSUPPORT_URL="https://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n',
    },
    74_817_536,
  );

const debianBase: Recipe = {
  name: "debian-bookworm",
  created: "2025-08-12T00:00:00Z",
  history: "buildkit",
  steps: [
    { shown: "# debian.sh --arch 'amd64' out/ 'bookworm' '@1754956800'", files: bookworm },
    { instruction: 'CMD ["bash"]' },
  ],
};

export const nginxRecipe: Recipe = {
  name: "nginx",
  base: debianBase,
  created: "2025-08-13T16:34:01Z",
  history: "buildkit",
  steps: [
    maintainer,
    { instruction: `ENV NGINX_VERSION=${VERSION}` },
    { instruction: "ENV NJS_VERSION=0.9.1" },
    { instruction: "ENV NJS_RELEASE=1~bookworm" },
    { instruction: "ENV PKG_RELEASE=1~bookworm" },
    { instruction: "ENV DYNPKG_RELEASE=1~bookworm" },
    {
      shown:
        'RUN /bin/sh -c set -x     && groupadd --system --gid 101 nginx     && useradd --system --gid nginx --no-create-home --home /nonexistent --comment "nginx user" --shell /bin/false --uid 101 nginx     && apt-get update     && apt-get install --no-install-recommends --no-install-suggests -y gnupg1 ca-certificates … # buildkit',
      files: () => ({ ...nginxFiles(117_468_160, 1_581_200), ...account(bookworm(), "/bin/false") }),
    },
    ...entrypointSteps,
  ],
};

const alpineBase = () => (alpineRecipe.steps[0] as { files: () => LayerTree }).files();

export const nginxAlpineRecipe: Recipe = {
  name: "nginx-alpine",
  base: alpineRecipe,
  created: "2025-08-13T16:33:43Z",
  history: "buildkit",
  steps: [
    maintainer,
    { instruction: `ENV NGINX_VERSION=${VERSION}` },
    { instruction: "ENV PKG_RELEASE=1" },
    { instruction: "ENV DYNPKG_RELEASE=1" },
    {
      shown:
        "RUN /bin/sh -c set -x     && addgroup -g 101 -S nginx     && adduser -S -D -H -u 101 -h /var/cache/nginx -s /sbin/nologin -G nginx -g nginx nginx     && apk add --no-cache nginx=${NGINX_VERSION}-r${PKG_RELEASE} … # buildkit",
      files: () => ({ ...nginxFiles(4_471_808, 1_285_904), ...account(alpineBase(), "/sbin/nologin") }),
    },
    ...entrypointSteps,
    { instruction: "ENV NJS_VERSION=0.9.1" },
    { instruction: "ENV NJS_RELEASE=1" },
    {
      shown:
        "RUN /bin/sh -c set -x     && apk add --no-cache nginx-module-xslt nginx-module-geoip nginx-module-image-filter nginx-module-njs … # buildkit",
      files: () =>
        filledTo(39_702_528, "/usr/lib/libgd-bundle.so", {
          "/usr/lib/nginx/modules/ngx_http_js_module.so": { size: 1_862_136 },
        }),
    },
  ],
};

export const nginx: CatalogueImage = {
  repository: "library/nginx",
  description: "Official build of Nginx.",
  stars: 21011,
  official: true,
  get tags() {
    const debian = [publication(nginxRecipe)];
    const alpine = [publication(nginxAlpineRecipe)];
    return [
      ...["latest", "1", "1.29", "1.29.1", "mainline", "bookworm"].map((tag) => ({
        tag,
        publications: debian,
      })),
      ...["alpine", "1-alpine", "1.29-alpine", "1.29.1-alpine", "mainline-alpine"].map((tag) => ({
        tag,
        publications: alpine,
      })),
    ];
  },
};
