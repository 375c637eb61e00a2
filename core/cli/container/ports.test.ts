import { expect, test } from "vitest";
import { publishedPorts } from "./ports.ts";

test("reads what is published and exposed", () => {
  expect(
    publishedPorts(["8080:80", "127.0.0.1:9000-9001:9000-9001/udp", "[::1]::53/UDP", "70-72:7"], ["90-91"]),
  ).toEqual({
    exposed: {
      "53/udp": {},
      "7/tcp": {},
      "80/tcp": {},
      "9000/udp": {},
      "9001/udp": {},
      "90/tcp": {},
      "91/tcp": {},
    },
    bindings: {
      "53/udp": [{ HostIp: "::1", HostPort: "" }],
      "7/tcp": [{ HostIp: "", HostPort: "70-72" }],
      "80/tcp": [{ HostIp: "", HostPort: "8080" }],
      "9000/udp": [{ HostIp: "127.0.0.1", HostPort: "9000" }],
      "9001/udp": [{ HostIp: "127.0.0.1", HostPort: "9001" }],
    },
  });
});

test("says what is wrong as docker does", () => {
  const failure = (publish: string[], expose: string[] = []) => {
    try {
      return publishedPorts(publish, expose);
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(failure(["abc"])).toBe("invalid containerPort: abc");
  expect(failure(["x:80"])).toBe("invalid hostPort: x");
  expect(failure(["80-82:80-83"])).toBe(
    "invalid ranges specified for container and host Ports: 80-83 and 80-82",
  );
  expect(failure(["80/foo"])).toBe("invalid proto: foo");
  expect(failure(["300.1.1.1:80:80"])).toBe("invalid IP address: 300.1.1.1");
  expect(failure(["8080:"])).toBe("no port specified: 8080:<empty>");
  expect(failure([], ["5-3"])).toBe(
    "invalid range format for --expose: 5-3, error: invalid range specified for port: 5-3",
  );
});
