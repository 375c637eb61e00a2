import { describe, expect, test } from "vitest";
import { encodeFrame } from "../../api/stdcopy.ts";
import { concat, text, utf8 } from "../../platform/bytes.ts";
import { docker, hijacked, json } from "../cli.testing.ts";
import type { Answers } from "../cli.testing.ts";

/** What docker 28.2.2 sends for `docker run --rm busybox true`. */
const plainRequest = String.raw`{"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Tty":false,"OpenStdin":false,"StdinOnce":false,"Env":null,"Cmd":["true"],"Image":"busybox","Volumes":{},"WorkingDir":"","Entrypoint":null,"OnBuild":null,"Labels":{},"HostConfig":{"Binds":null,"ContainerIDFile":"","LogConfig":{"Type":"","Config":{}},"NetworkMode":"default","PortBindings":{},"RestartPolicy":{"Name":"no","MaximumRetryCount":0},"AutoRemove":true,"VolumeDriver":"","VolumesFrom":null,"ConsoleSize":[0,0],"CapAdd":null,"CapDrop":null,"CgroupnsMode":"","Dns":[],"DnsOptions":[],"DnsSearch":[],"ExtraHosts":null,"GroupAdd":null,"IpcMode":"","Cgroup":"","Links":null,"OomScoreAdj":0,"PidMode":"","Privileged":false,"PublishAllPorts":false,"ReadonlyRootfs":false,"SecurityOpt":null,"UTSMode":"","UsernsMode":"","ShmSize":0,"Isolation":"","CpuShares":0,"Memory":0,"NanoCpus":0,"CgroupParent":"","BlkioWeight":0,"BlkioWeightDevice":[],"BlkioDeviceReadBps":[],"BlkioDeviceWriteBps":[],"BlkioDeviceReadIOps":[],"BlkioDeviceWriteIOps":[],"CpuPeriod":0,"CpuQuota":0,"CpuRealtimePeriod":0,"CpuRealtimeRuntime":0,"CpusetCpus":"","CpusetMems":"","Devices":[],"DeviceCgroupRules":null,"DeviceRequests":null,"MemoryReservation":0,"MemorySwap":0,"MemorySwappiness":-1,"OomKillDisable":false,"PidsLimit":0,"Ulimits":[],"CpuCount":0,"CpuPercent":0,"IOMaximumIOps":0,"IOMaximumBandwidth":0,"MaskedPaths":null,"ReadonlyPaths":null},"NetworkingConfig":{"EndpointsConfig":{"default":{"IPAMConfig":null,"Links":null,"Aliases":null,"MacAddress":"","DriverOpts":null,"GwPriority":0,"NetworkID":"","EndpointID":"","Gateway":"","IPAddress":"","IPPrefixLen":0,"IPv6Gateway":"","GlobalIPv6Address":"","GlobalIPv6PrefixLen":0,"DNSNames":null}}}}
`;

const container = (changes: Answers = {}): Answers => ({
  "POST /containers/create": () => json(201, { Id: "c1", Warnings: ["careful"] }),
  "POST /containers/c1/attach": () =>
    hijacked(concat([encodeFrame("stdout", utf8("out\n")), encodeFrame("stderr", utf8("err\n"))])),
  "POST /containers/c1/wait": () => ({ StatusCode: 7 }),
  "POST /containers/c1/start": () => ({ status: 204 }),
  ...changes,
});

describe("docker run", () => {
  test("attaches and waits before it starts, and ends with the container's status", async () => {
    const ran = await docker(["run", "--rm", "busybox", "true"], { answers: container() });
    expect({ ...ran, requests: ran.requests.map(({ line }) => line) }).toEqual({
      status: 7,
      out: "out\n",
      err: "WARNING: careful\nerr\n",
      requests: [
        "HEAD /_ping",
        "POST /v1.50/containers/create",
        "POST /v1.50/containers/c1/attach?stderr=1&stdout=1&stream=1",
        "POST /v1.50/containers/c1/wait?condition=removed",
        "POST /v1.50/containers/c1/start",
      ],
    });
    expect(ran.requests[1]!.body).toBe(plainRequest);
    expect(ran.requests[2]!.headers).toEqual({
      "content-type": "text/plain",
      "content-length": "0",
      connection: "Upgrade",
      upgrade: "tcp",
      "user-agent": "Docker-Client/28.2.2 (linux)",
    });
  });

  test("-d prints the ID and leaves", async () => {
    const { status, out, requests } = await docker(["run", "-d", "--name", "web", "busybox"], {
      answers: container(),
    });
    expect({ status, out }).toEqual({ status: 0, out: "c1\n" });
    expect(requests.map(({ line }) => line)).toEqual([
      "HEAD /_ping",
      "POST /v1.50/containers/create?name=web",
      "POST /v1.50/containers/c1/wait?condition=next-exit",
      "POST /v1.50/containers/c1/start",
    ]);
  });

  test("-i sends standard input", async () => {
    const input: Uint8Array[] = [];
    await docker(["run", "-i", "busybox", "cat"], {
      stdin: "hello\n",
      answers: container({ "POST /containers/c1/attach": () => hijacked(new Uint8Array(), input) }),
    });
    expect(text(concat(input))).toBe("hello\n");
  });

  test("an error of the engine points to --help; a missing command ends with 127", async () => {
    const missing = 'exec: "nosuch": executable file not found in $PATH';
    const { status, err } = await docker(["run", "busybox", "nosuch"], {
      answers: container({
        "POST /containers/c1/attach": () => hijacked(new Uint8Array()),
        "POST /containers/c1/start": () => json(400, { message: missing }),
      }),
    });
    expect({ status, err }).toEqual({
      status: 127,
      err: `WARNING: careful\ndocker: Error response from daemon: ${missing}\n\nRun 'docker run --help' for more information\n`,
    });
  });

  test("pulls an image that is not there", async () => {
    let created = 0;
    const { status, out, err, requests } = await docker(["run", "-d", "busybox"], {
      answers: container({
        "POST /containers/create": () =>
          created++ === 0 ? json(404, { message: "No such image: busybox:latest" }) : json(201, { Id: "c1" }),
        "POST /images/create": () => json(200, { status: "Pulled" }),
      }),
    });
    expect({ status, out, err }).toEqual({
      status: 0,
      out: "c1\n",
      err: "Unable to find image 'busybox:latest' locally\nPulled\n",
    });
    expect(requests[2]!.line).toBe(
      "POST /v1.50/images/create?fromImage=docker.io%2Flibrary%2Fbusybox&tag=latest",
    );
  });

  test("refuses flags that contradict each other before it asks for anything", async () => {
    const { status, err, requests } = await docker(["run", "--rm", "--restart", "always", "busybox"]);
    expect({ status, err }).toEqual({
      status: 125,
      err: "docker: conflicting options: cannot specify both --restart and --rm\n\nRun 'docker run --help' for more information\n",
    });
    expect(requests.map(({ line }) => line)).toEqual(["HEAD /_ping"]);
  });

  test("needs a terminal for -it", async () => {
    expect(await docker(["run", "-it", "busybox"], { answers: container() })).toMatchObject({
      status: 1,
      err: "the input device is not a TTY\n",
    });
  });

  test("with a terminal, the detach keys leave the container running", async () => {
    let raw = 0;
    const terminal = { size: () => ({ columns: 100, rows: 30 }), raw: () => (raw++, () => void raw--) };
    const input: Uint8Array[] = [];
    const never = { read: () => new Promise<null>(() => {}), cancel: () => {} };
    const { status, requests } = await docker(["run", "-it", "busybox"], {
      stdin: "ls\x10\x11",
      terminal,
      answers: container({
        "POST /containers/c1/attach": () => ({
          status: 101,
          connection: { ...hijacked(new Uint8Array(), input).connection!, source: never },
        }),
        "POST /containers/c1/wait": () => ({ status: 200, body: never }),
        "POST /containers/c1/resize": () => ({ status: 200 }),
      }),
    });
    expect({ status, raw, input: text(concat(input)) }).toEqual({ status: 0, raw: 0, input: "ls" });
    expect(requests.at(-1)!.line).toBe("POST /v1.50/containers/c1/resize?h=30&w=100");
    expect(requests[1]!.body).toContain('"ConsoleSize":[30,100]');
  });
});
